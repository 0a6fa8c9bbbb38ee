from otter.test_files import test_case

OK_FORMAT = False

name = "q10_1"
points = 3

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_1', 'SHA-256 of the bytes')

@test_case(points=2, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q10_1', 'each file has its state')

