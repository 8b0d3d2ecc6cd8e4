package dev.tiphys.schema.validation.access;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A request for a certificate (PKCS #10, RFC 2986), signed with the key that it is about.
final class SigningRequest {

  private static final String MALFORMED = "x509: malformed certificate request";

  /// Algorithms by the identifiers they have in a request.
  private static final Map<String, Algorithm> ALGORITHMS =
      Map.of(
          "2a864886f70d01010b", new Algorithm("RSA", "SHA256withRSA"),
          "2a864886f70d01010c", new Algorithm("RSA", "SHA384withRSA"),
          "2a864886f70d01010d", new Algorithm("RSA", "SHA512withRSA"),
          "2a8648ce3d040302", new Algorithm("EC", "SHA256withECDSA"),
          "2a8648ce3d040303", new Algorithm("EC", "SHA384withECDSA"),
          "2a8648ce3d040304", new Algorithm("EC", "SHA512withECDSA"),
          "2b6570", new Algorithm("Ed25519", "Ed25519"));

  private SigningRequest() {}

  private record Algorithm(String key, String name) {

    String failure() {
      return switch (key) {
        case "RSA" -> "crypto/rsa: verification error";
        case "EC" -> "x509: ECDSA verification failure";
        default -> "x509: Ed25519 verification failure";
      };
    }
  }

  /// A piece of DER (X.690).
  ///
  /// @param whole all of it, as it is signed
  private record Element(int tag, ByteBuffer content, ByteBuffer whole) {

    static Element next(ByteBuffer in) {
      int start = in.position();
      int tag = in.get() & 0xff;
      int length = in.get() & 0xff;
      if (length > 0x80) {
        int count = length & 0x7f;
        length = 0;
        for (int i = 0; i < count; i++) {
          length = length << 8 | in.get() & 0xff;
        }
      }
      ByteBuffer content = in.slice(in.position(), length);
      in.position(in.position() + length);
      return new Element(tag, content, in.slice(start, in.position() - start));
    }

    List<Element> children() {
      List<Element> children = new ArrayList<>();
      ByteBuffer rest = content.duplicate();
      while (rest.hasRemaining()) {
        children.add(next(rest));
      }
      return children;
    }
  }

  /// What is wrong with the request in a field, or with its signature; null if nothing is.
  static @Nullable String problem(String base64) {
    List<Pem.Block> blocks = Pem.blocks(base64);
    if (blocks.isEmpty() || !blocks.getFirst().type().equals("CERTIFICATE REQUEST")) {
      return "PEM block type must be CERTIFICATE REQUEST";
    }
    try {
      return problem(Element.next(ByteBuffer.wrap(blocks.getFirst().bytes())));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | NoSuchElementException e) {
      return MALFORMED;
    }
  }

  private static @Nullable String problem(Element request) {
    List<Element> parts = request.children();
    Element asked = parts.get(0);
    Element key = asked.children().get(2);
    ByteBuffer identifier = parts.get(1).children().getFirst().content();
    ByteBuffer signature = parts.get(2).content();
    Algorithm algorithm = ALGORITHMS.get(HexFormat.of().formatHex(bytes(identifier)));
    if (algorithm == null) {
      return "x509: cannot verify signature: algorithm unimplemented";
    }
    signature.get(); // how many bits of the last byte are not used
    return isSigned(algorithm, bytes(asked.whole()), bytes(key.whole()), bytes(signature))
        ? null
        : algorithm.failure();
  }

  private static boolean isSigned(Algorithm algorithm, byte[] text, byte[] key, byte[] signature) {
    try {
      PublicKey publicKey =
          KeyFactory.getInstance(algorithm.key()).generatePublic(new X509EncodedKeySpec(key));
      Signature verifier = Signature.getInstance(algorithm.name());
      verifier.initVerify(publicKey);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
