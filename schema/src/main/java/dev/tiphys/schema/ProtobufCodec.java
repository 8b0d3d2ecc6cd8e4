package dev.tiphys.schema;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.ProtoReader;
import dev.tiphys.object.encoding.ProtoWriter;
import java.util.Arrays;

/// Objects of built-in kinds as protobuf, byte for byte as upstream writes them: both to clients
/// that ask for `application/vnd.kubernetes.protobuf` and into the store.
///
/// An object is wrapped in an envelope: the four bytes `k8s\0`, then a message with its apiVersion
/// and kind and the object's own message in it. See
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding>.
///
/// Threads: any.
public final class ProtobufCodec {

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private ProtobufCodec() {}

  /// An object in its envelope.
  ///
  /// @param object normalized, of type `type`
  public static byte[] encode(Struct object, String apiVersion, String kind, Type type) {
    ProtoWriter writer = new ProtoWriter(1024);
    writer.string(4, "");
    writer.string(3, "");
    int end = writer.mark();
    MessageWriter.write(writer, object, type);
    writer.message(2, end);
    int typeMeta = writer.mark();
    writer.string(2, kind);
    writer.string(1, apiVersion);
    writer.message(1, typeMeta);
    writer.raw(MAGIC);
    return writer.toBytes();
  }

  /// An object's message without the envelope.
  public static byte[] encodeMessage(Struct object, Type type) {
    ProtoWriter writer = new ProtoWriter(1024);
    MessageWriter.write(writer, object, type);
    return writer.toBytes();
  }

  /// Whether bytes start as an envelope does.
  public static boolean isEnvelope(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /// What an envelope holds, its message still encoded.
  ///
  /// @throws EncodingException if it is none
  public static Envelope open(byte[] bytes) {
    if (!isEnvelope(bytes)) {
      throw new EncodingException(
          "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    String apiVersion = "";
    String kind = "";
    byte[] message = {};
    ProtoReader reader = new ProtoReader(bytes, MAGIC.length, bytes.length);
    for (int number = reader.next(); number != 0; number = reader.next()) {
      switch (number) {
        case 1 -> {
          ProtoReader typeMeta = reader.message();
          for (int part = typeMeta.next(); part != 0; part = typeMeta.next()) {
            switch (part) {
              case 1 -> apiVersion = typeMeta.string();
              case 2 -> kind = typeMeta.string();
              default -> typeMeta.skip();
            }
          }
        }
        case 2 -> message = reader.bytes();
        default -> reader.skip();
      }
    }
    return new Envelope(apiVersion, kind, message);
  }

  /// The object in a message, normalized; without apiVersion and kind, which messages do not hold.
  ///
  /// @throws EncodingException if the bytes are no message of this type
  public static Struct decodeMessage(byte[] message, Type type) {
    return Normalizer.normalize(MessageReader.read(new ProtoReader(message), type), type);
  }

  /// An opened envelope.
  ///
  /// @param apiVersion group and version of the object
  /// @param kind its kind
  /// @param message its message, for [#decodeMessage]
  @SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
  public record Envelope(String apiVersion, String kind, byte[] message) {}
}
