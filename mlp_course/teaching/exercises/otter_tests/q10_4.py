from otter.test_files import test_case

OK_FORMAT = False

name = "q10_4"
points = 5

@test_case(points=2, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_4', 'the order of a sum')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_4', 'same bits')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_4', 'rounding')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_4', 'another run')

