from otter.test_files import test_case

OK_FORMAT = False

name = "q09_1"
points = 4

@test_case(points=2, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_1', 'counts of atoms cancel')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_1', 'keeps what is left')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q09_1', 'sixteen digits')

