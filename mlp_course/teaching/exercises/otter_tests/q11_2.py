from otter.test_files import test_case

OK_FORMAT = False

name = "q11_2"
points = 4

@test_case(points=2, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_2', 'an error in meV/atom')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_2', 'how much smaller')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q11_2', 'what stays')

