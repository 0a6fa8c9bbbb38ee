from otter.test_files import test_case

OK_FORMAT = False

name = "q12_3"
points = 3

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_3', 'by the size of the atoms')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_3', 'across the border')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q12_3', 'the frame')

