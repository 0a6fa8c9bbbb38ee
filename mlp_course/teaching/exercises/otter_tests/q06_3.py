from otter.test_files import test_case

OK_FORMAT = False

name = "q06_3"
points = 4

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_3', 'rounding is no change')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_3', 'small changes are seen')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_3', 'the table')

