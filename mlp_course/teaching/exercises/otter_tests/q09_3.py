from otter.test_files import test_case

OK_FORMAT = False

name = "q09_3"
points = 5

@test_case(points=2, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_3', 'the exponent')

@test_case(points=2, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_3', 'frames until a target')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_3', 'the plan')

