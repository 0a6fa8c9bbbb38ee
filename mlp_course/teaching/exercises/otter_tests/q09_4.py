from otter.test_files import test_case

OK_FORMAT = False

name = "q09_4"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_4', 'a failure that matters')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_4', 'a failure that does not')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_4', 'what was not looked at')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_4', 'how long to watch')

