from otter.test_files import test_case

OK_FORMAT = False

name = "q12_1"
points = 5

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_1', 'flattering')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_1', 'stuck')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_1', 'crash')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_1', 'heat')

@test_case(points=1, hidden=False)
def test_5(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_1', 'friction')

