from otter.test_files import test_case

OK_FORMAT = False

name = "q12_5"
points = 4

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_5', 'new frames of the same kind are inside')

@test_case(points=2, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_5', 'the limit is usual and not extreme')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_5', 'where it may go')

