from otter.test_files import test_case

OK_FORMAT = False

name = "q06_4"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_4', 'G2 cannot tell the twins')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_4', 'the twins differ')

@test_case(points=2, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_4', 'the harder twins')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q06_4', 'bodies needed')

