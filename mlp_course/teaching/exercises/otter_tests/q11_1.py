from otter.test_files import test_case

OK_FORMAT = False

name = "q11_1"
points = 4

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_1', 'kcal/(mol·Å)')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_1', 'Hartree/Bohr')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_1', 'kJ/(mol·nm)')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_1', 'the wrong entry')

