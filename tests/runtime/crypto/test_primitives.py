"""The cryptographic operations against published vectors."""

import pytest

from rongdun.runtime.crypto import primitives


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # GB/T 32905-2016, appendix A.1 and A.2
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_digests_printed_in_the_standard(text: bytes, expected: str) -> None:
    assert primitives.digest("sm3", text).hex() == expected


def test_sha256_gives_the_digest_of_fips_180() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert primitives.digest("sha256", b"abc").hex() == expected


def test_hmac_sm3_gives_the_codes_of_gm_t_0042() -> None:
    # GM/T 0042-2015, appendix D.3
    key = bytes(range(1, 33))
    text = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
    expected = "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
    assert primitives.mac("sm3", key, text).hex() == expected
    key = bytes(range(1, 0x26))
    expected = "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae"
    assert primitives.mac("sm3", key, b"\xcd" * 50).hex() == expected


def test_hkdf_gives_the_bytes_of_rfc_5869() -> None:
    # RFC 5869, appendix A.3: no salt, no info
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert primitives.derive("sha256", b"\x0b" * 22, info=b"", length=42).hex() == expected


AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")

VECTORS = {
    # RFC 8998, appendix A.1
    "sm4-gcm": {
        "key": "0123456789abcdeffedcba9876543210",
        "nonce": "00001234567800000000abcd",
        "plain": "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        "sealed": "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec",
    },
    # The Galois/Counter Mode of Operation (McGrew, Viega), submitted to NIST, test case 16
    "aes-gcm": {
        "key": "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "nonce": "cafebabefacedbaddecaf888",
        "plain": "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "sealed": "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b",
    },
}


@pytest.mark.parametrize("cipher", VECTORS)
def test_ciphers_give_the_published_ciphertext_and_tag(cipher: str) -> None:
    vector = {name: bytes.fromhex(text) for name, text in VECTORS[cipher].items()}
    sealed = primitives.encrypt(
        cipher, vector["key"], nonce=vector["nonce"], plaintext=vector["plain"], aad=AAD
    )
    assert sealed == vector["sealed"]
    opened = primitives.decrypt(cipher, vector["key"], nonce=vector["nonce"], sealed=sealed, aad=AAD)
    assert opened == vector["plain"]
    assert (
        primitives.decrypt(cipher, vector["key"], nonce=vector["nonce"], sealed=sealed, aad=AAD[:-1]) is None
    )
