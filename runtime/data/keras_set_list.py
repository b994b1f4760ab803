"""Which sets of `keras.datasets` there are: their files, with the checksums that Keras states, and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .keras_files import (
    Arrays,
    cifar_10,
    cifar_100,
    idx_files,
    npz_in_parts,
    npz_whole,
    texts_in_parts,
)

_BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@dataclass(frozen=True)
class Download:
    """`checksum` is `sha256:…` or `md5:…`, as the set's authors publish it."""

    address: str
    checksum: str

    @property
    def name(self) -> str:
        return self.address.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class KerasSet:
    """`read` makes x_train, y_train, x_test and y_test of the files' contents. Without `classes` the target is a
    number, and `columns` name the features; `texts` are lists of word numbers, made rows by the options `words` (10,000
    different ones) and `length` (200)."""

    title: str
    files: tuple[Download, ...]
    read: Callable[[list[bytes]], Arrays]
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    target: str = "label"
    texts: bool = False


_CIFAR_100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree
motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate
poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
wardrobe whale willow_tree wolf woman worm
"""

_REUTERS = """
cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass crude
nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi iron-steel
rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead
"""

KERAS_SETS = {
    "mnist": KerasSet(
        "MNIST handwritten digits",
        (Download(_BASE + "mnist.npz", "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),),
        npz_in_parts,
        tuple("0123456789"),
    ),
    "fashion_mnist": KerasSet(
        "Fashion-MNIST articles",
        (
            Download(_BASE + "train-labels-idx1-ubyte.gz", "md5:25c81989df183df01b3e8a0aad5dffbe"),
            Download(_BASE + "train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            Download(_BASE + "t10k-labels-idx1-ubyte.gz", "md5:bb300cfdad3c16e7a12a480ee83cd310"),
            Download(_BASE + "t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79"),
        ),
        idx_files,
        (
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
    ),
    "cifar10": KerasSet(
        "CIFAR-10 small colour pictures",
        (
            Download(
                "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
        ),
        cifar_10,
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    ),
    "cifar100": KerasSet(
        "CIFAR-100 small colour pictures",
        (
            Download(
                "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
                "sha256:85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
            ),
        ),
        cifar_100,
        tuple(_CIFAR_100.split()),
    ),
    "imdb": KerasSet(
        "IMDB film reviews",
        (Download(_BASE + "imdb.npz", "sha256:69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),),
        texts_in_parts,
        ("negative", "positive"),
        texts=True,
    ),
    "reuters": KerasSet(
        "Reuters newswire topics",
        (Download(_BASE + "reuters.npz", "sha256:d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),),
        npz_whole,
        tuple(_REUTERS.split()),
        texts=True,
    ),
    "boston_housing": KerasSet(
        "House prices in Boston",
        (
            Download(
                _BASE + "boston_housing.npz",
                "sha256:f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
            ),
        ),
        npz_whole,
        columns=(
            "CRIM",
            "ZN",
            "INDUS",
            "CHAS",
            "NOX",
            "RM",
            "AGE",
            "DIS",
            "RAD",
            "TAX",
            "PTRATIO",
            "B",
            "LSTAT",
        ),
        target="MEDV",
    ),
    "california_housing": KerasSet(
        "House prices in California",
        (
            Download(
                _BASE + "california_housing.npz",
                "sha256:1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
            ),
        ),
        npz_whole,
        columns=(
            "MedInc",
            "HouseAge",
            "AveRooms",
            "AveBedrms",
            "Population",
            "AveOccup",
            "Latitude",
            "Longitude",
        ),
        target="MedHouseVal",
    ),
}
