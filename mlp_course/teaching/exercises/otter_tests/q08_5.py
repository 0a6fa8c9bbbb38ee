from otter.test_files import test_case

OK_FORMAT = False

name = "q08_5"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_5', 'zero where all agree')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_5', 'does not turn with the molecule')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_5', 'the formula of the lesson')

@test_case(points=2, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q08_5', 'calibration factor')

