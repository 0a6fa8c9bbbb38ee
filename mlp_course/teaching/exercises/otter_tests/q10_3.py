from otter.test_files import test_case

OK_FORMAT = False

name = "q10_3"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_3', 'one no is a no')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_3', 'unknown is not yes')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_3', 'two that want the whole')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_3', 'four cases')

