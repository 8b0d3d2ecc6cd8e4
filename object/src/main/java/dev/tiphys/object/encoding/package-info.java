/// How trees are read and written: JSON, YAML, and the wire format of protobuf.
package dev.tiphys.object.encoding;
