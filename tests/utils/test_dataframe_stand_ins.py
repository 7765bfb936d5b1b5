import base64
import zlib

import pytest

from mmbopr.testing.foreign_pickle import Foreign, dataframe, foreign_dumps
from mmbopr.utils.dataframe_stand_ins import DATAFRAME_ALLOW
from mmbopr.utils.safe_load import UnsafePickleError, safe_load_pickle

# Two rows that were chosen out of three, pickled by pandas itself.
PICKLES = {
    '1.0.5': (
        'eNqVU99rFDEQvuyPs1aLFiwqQqmCevVhsVC0D0KrFaEunuh7WbK7abO4mzuyWdsD'
        'z1/QaiFvHf9X33SS3MFWz4KB3SSTfPN9M5n5HPwIgo4denFIRU7rKBtIFu1JWjHQ'
        'F59TRV/Y9SmsfoEx9HSY5GgEvdy+XwjFpKBlHVVU0H0ma9CXn5WD7N0rt3f43i46'
        'uHEWmLNDVkcprZFvPhHsINkxNgTwSzqcrg1z4IiXRFMNRw5eNaUqqJR0hHyJZNlA'
        '1Eo2mUKIDu1F0BeQzl45hbhzBNskhW/wFnoxiYMj4Es6zNVoaELU3usNOPnuTn1N'
        'PkC/33/5C4f9xZsK0hMTAzkE7R/wAWgi8BsBwxMdCJOpfnOMeL6gb80KFDUxWWQY'
        '645Qj9Zb8fFFfo1fNwr5zak+DzfL2ivOqHryh6qOUbV9lbiH7HiTGdDMHzg1DEXP'
        '8B57x9b/Xss/35jlfcX5/Lnp5mDLzSuT+c6WZfuLgViGx6huqspvq/vH/dsmxzbN'
        'KSY3s+o1yXHNgJlM23AW+JVzsmZ98Lu8x1ppOAdDJhh+n/4n4F4bwMaguw+jtfVo'
        'zdUsxUcHPq+7qemGGlCVsXff07IxJ0/1XLUvEzzElplLmwILWuAyrMsiY7Zk427s'
        'G9bGKPnIY/6Jf8W382PSsr6xVvOmzsqa2pZkgqWNjWxaZ9rUScUUtb20izxUKezW'
        'MTRp9BtN9Hrk'
    ),
    '2.2.3': (
        'eNptk99r1EAQxy/JXf3RorVg1ZdSfJDz5UCKICi0WBE0ekrfj2WTbG5Dk82x2XA9'
        'sKAP/XEwb479W33T2U0O0+KS7EySnZnPTr77ffBLBD034MGMq4RXo7jUYpRqXgiE'
        'O++44e+d/xOf/8BTHEKfFVONsNNdnikjtOJ5NSq44lOhK4SNt3kZH39unikcttsI'
        'lmdR9S8E4T6r1SyLj3PBIhtjF2+pupgtmuzkCp3FCOss1WUR1WnqMg6vdnvd8Xu/'
        'sf2Dxu629ukBwsDlI5uYxczuBvz0FS4vL/AIh2EA3hscj8cf/9BwU9gzGIV+6J8j'
        'eIdoaBncjuosN5ki5EGVZ7FNE/bCtTCwWULfznJd3htebbZEfmvbHvdQboGfderK'
        '7f9U9WxV+cTWlDvEEIRetwA87PSmqImIa81pbxtMi7hUldF1bIhNbsIt6rj7aEnP'
        '8NCLsKnstVWI58u1Pny70Yd9IlpOcEgXUDR4MQrnJ+QLFIK+EyVl61JeoF3z+LpG'
        'EnEiqlHEK1LWXabEnH2w7yzpJxisfKexhHSH8oXcs9Ty5Yq5Tw+vl678CUIwlyVB'
        'KLoXaDmgr6xUx/W5bdRYfqVc8qj7Q7wbPwbls9A/WzV70kQKO5HOSSl0BCzK6jiw'
        'Qhju2CakAW4MCf0UYY2lOZ869xHP83JesaSekUK4ESznkSCVX1Z1NPoLucpBbA=='
    ),
    '3.0.6': (
        'eNqNVE1v00AQjR070BYoqAIqUQHqKRyaMwekpm0EohZGKhISh7Ba2xvbir029lpJ'
        'JCpAgtBKe+vwQ7n1BrPrpE0AiTrx7tjz8d7Mzviz9SO0GvqSrZzygJYgV3pU0OcF'
        'TRmcwZMvcAxtaZE0LEA+rG06flawTswFKzhNyk5KOQ1Zgb439pPMH76qn9G9Le/N'
        'XEgSe+WlD8h1UvE89ocJI55yQmt5l1dpPqnDp1UiYloUdIJhScH8jJeiqHyhDG1t'
        'CPIaxtYmZ+A0vsGB4cF3OIK2Y+DPnEK0Lu1ATHKVijQHT+H0pNY3pfEMXNc9/IWX'
        'XpyGAO/04HZdjvPdere6gK/lda+KkQ5H3naZxD7TgApFhXNMtUZr0a3ojqIRbSyT'
        '2JTm6yXoj39A7yroPrTxLzEFafjAtBygzIAx1EfbKtqVAeMFwGjrn5madYqN5myH'
        'GsV0mldDeXBRrcfdet/uzmI0HWs5htxY6gN9aFjMLULyyfiyE9zentLsU3/IAnVm'
        'N2duc4e1N6KIebg3O/TDR62flqshGnNdb37erXwioozDi0/nNb2psvsrGRMfdlT1'
        'pZ13ch7iEX/Qu6r6VKdjOfZiOgKU9ebyMARszMqOR0sGcpVwNiIv1TskgtTsuayH'
        'KcABg+ht9G6Bfj96/x+e9gVPYwyyOYoybA6ON86BxdW4zgl/dSsdokDk1SPKQ7YA'
        'j1rsYUELAY4hrVJkOWBPosBQMLQnUwsOPVYSvweK7kB/D+QKSZmgmn8f60SFwKk/'
        'xlKTQUJDLd6nSZKNShJUOQ4KFYwk1GM48Sdl5XV+A5lZqWM='
    ),
}


@pytest.fixture
def load(tmp_path):
    def _load(content):
        path = tmp_path / 'frame.pkl'
        path.write_bytes(content)
        return safe_load_pickle(path, allow=DATAFRAME_ALLOW)

    return _load


@pytest.mark.parametrize('version', list(PICKLES))
def test_what_pandas_wrote(load, version):
    frame = load(zlib.decompress(base64.b64decode(PICKLES[version])))
    # Strings are a type of their own from pandas 3 on.
    assert list(frame)[:4] == ['x', 'who', 'n', 'y']
    if version.startswith('3'):
        assert frame['name'].tolist() == ['p.png', 'q.png']
    assert frame['x'].tolist() == [1.5, 2.5]
    assert frame['who'].tolist() == [['b', 'c'], ['d', 'e']]
    assert frame['n'].tolist() == [2, 3]
    assert frame['y'].tolist() == [8.0, 9.0]


def test_what_the_miniatures_write(load):
    frame = load(
        foreign_dumps(
            dataframe({'a': [1, 2], 'b': [[1, 2], [3, 4]], 'c': ['x', 'y']})
        )
    )
    assert frame['a'].tolist() == [1.0, 2.0]
    assert frame['b'].tolist() == [[1, 2], [3, 4]]
    assert frame['c'].tolist() == ['x', 'y']


def test_blocks_of_another_shape_are_refused(load):
    frame = dataframe({'a': [1, 2], 'b': [3, 4]})
    blocks = frame.state['_data'].state[3]['0.14.1']['blocks']
    blocks[0]['values'] = blocks[0]['values'][:, :1]
    with pytest.raises(ValueError, match='cannot be read as a pickle'):
        load(foreign_dumps(frame))


def test_nothing_of_pandas_runs(load):
    for name in ('pandas.io.common get_handle', 'pandas eval'):
        with pytest.raises(UnsafePickleError, match=name.split()[1]):
            load(foreign_dumps(Foreign(name, ('1 + 1',))))
