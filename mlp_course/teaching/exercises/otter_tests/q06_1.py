from otter.test_files import test_case

OK_FORMAT = False

name = "q06_1"
points = 3

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_1', 'fades to zero')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_1', 'ends without a kink')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_1', 'has the right values')

