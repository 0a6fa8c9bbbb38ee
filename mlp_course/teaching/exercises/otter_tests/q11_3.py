from otter.test_files import test_case

OK_FORMAT = False

name = "q11_3"
points = 4

@test_case(points=2, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_3', 'is 1 where units belong together')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_3', 'sees a wrong unit and a wrong sign')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_3', 'does not ask where energy is zero')

