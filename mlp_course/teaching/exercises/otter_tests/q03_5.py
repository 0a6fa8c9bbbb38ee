from otter.test_files import test_case

OK_FORMAT = False

name = "q03_5"
points = 11

@test_case(points=1, hidden=False)
def test_1(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'types of data')

@test_case(points=1, hidden=False)
def test_2(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'balance')

@test_case(points=1, hidden=False)
def test_3(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'temperatures')

@test_case(points=1, hidden=False)
def test_4(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'reaction paths')

@test_case(points=1, hidden=False)
def test_5(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'hydrogen')

@test_case(points=1, hidden=False)
def test_6(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'surface')

@test_case(points=1, hidden=False)
def test_7(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'DFT settings')

@test_case(points=1, hidden=False)
def test_8(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'cutoff')

@test_case(points=1, hidden=False)
def test_9(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'training')

@test_case(points=1, hidden=False)
def test_10(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'validation and run')

@test_case(points=1, hidden=False)
def test_11(env):
    import mlp_course.teaching.exercises as m
    m.earn(env, 'q03_5', 'price')

