"""Reads and writes safetensors files by the published format alone: struct and json, no other library.

python3 safetensors_files.py read FILE       prints the contents as JSON
python3 safetensors_files.py write FILE      writes the contents that it reads as JSON
The contents are {"metadata": {key: value}, "tensors": [[name, dtype, shape, bytes in hex], ...]}.
"""
import json
import struct
import sys

sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")


def unique(pairs):
    assert len({key for key, _ in pairs}) == len(pairs), "duplicate keys"
    return dict(pairs)


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length).decode("utf-8"), object_pairs_hook=unique)
        data = file.read()
    assert length % 8 == 0, "the data are not aligned"
    metadata = header.pop("__metadata__", {})
    tensors, end = [], 0
    for name, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = tensor["data_offsets"]
        assert begin == end, name
        tensors.append([name, tensor["dtype"], tensor["shape"], data[begin:stop].hex()])
        end = stop
    assert end == len(data), "bytes after the data"
    return {"metadata": metadata, "tensors": tensors}


def write(path, contents):
    header, data = {"__metadata__": contents["metadata"]}, b""
    for name, dtype, shape, text in contents["tensors"]:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(text) // 2]}
        data += bytes.fromhex(text)
    encoded = json.dumps(header).encode("utf-8")
    encoded += b" " * (-len(encoded) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(encoded)) + encoded + data)


if sys.argv[1] == "read":
    print(json.dumps(read(sys.argv[2])))
else:
    write(sys.argv[2], json.load(sys.stdin))
