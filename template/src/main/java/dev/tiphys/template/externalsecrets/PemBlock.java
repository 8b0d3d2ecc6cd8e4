package dev.tiphys.template.externalsecrets;

import dev.tiphys.template.function.CallException;
import dev.tiphys.template.value.Utf8;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/// A block of a text between lines of dashes.
///
/// @param label what the lines say it is
/// @param base64 its content without line breaks
record PemBlock(String label, String base64) {

  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([^-\\n]*)-----[ \\t\\r]*\\n((?:[^:\\n]+: ?[^\\n]*\\n)*\\s*)"
              + "([A-Za-z0-9+/=\\s]*?)-----END \\1-----");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "DSA");

  static PemBlock of(String label, byte[] content) {
    return new PemBlock(label, Base64.getEncoder().encodeToString(content));
  }

  /// All blocks of a text; what stands between them is passed over.
  static List<PemBlock> all(String text) {
    List<PemBlock> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String base64 = matcher.group(3).replaceAll("\\s", "");
      try {
        Base64.getDecoder().decode(base64);
        blocks.add(new PemBlock(matcher.group(1), base64));
      } catch (IllegalArgumentException e) {
        continue; // a block that is none counts as text between
      }
    }
    return blocks;
  }

  /// The first block of a text.
  ///
  /// @throws CallException if there is none
  static PemBlock first(String text) {
    List<PemBlock> blocks = all(text);
    if (blocks.isEmpty()) {
      throw new CallException("failed to decode PEM block");
    }
    return blocks.getFirst();
  }

  byte[] content() {
    return Base64.getDecoder().decode(base64);
  }

  /// The block with its lines.
  String text() {
    StringBuilder text = new StringBuilder("-----BEGIN " + label + "-----\n");
    for (int i = 0; i < base64.length(); i += 64) {
      text.append(base64, i, Math.min(i + 64, base64.length())).append('\n');
    }
    return text.append("-----END ").append(label).append("-----\n").toString();
  }

  X509Certificate certificate() {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(content()));
    } catch (GeneralSecurityException e) {
      throw new CallException("x509: malformed certificate");
    }
  }

  static String certificate(X509Certificate certificate) {
    try {
      return of("CERTIFICATE", certificate.getEncoded()).text();
    } catch (GeneralSecurityException e) {
      throw new CallException("x509: malformed certificate");
    }
  }

  /// The private key that is the content, in any form.
  PrivateKey privateKey() {
    byte[] content = content();
    for (byte[] form : forms(content)) {
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(form));
        } catch (GeneralSecurityException e) {
          continue; // a key of another kind
        }
      }
    }
    throw new CallException("unable to parse private key type");
  }

  /// The content in the form of PKCS #8, as far as it can be brought into it.
  private static List<byte[]> forms(byte[] content) {
    List<byte[]> forms = new ArrayList<>();
    forms.add(content);
    add(forms, rsa(content));
    add(forms, curve(content));
    return forms;
  }

  private static void add(List<byte[]> forms, byte @Nullable [] form) {
    if (form != null) {
      forms.add(form);
    }
  }

  private static byte @Nullable [] rsa(byte[] content) {
    try {
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
      return new PrivateKeyInfo(algorithm, RSAPrivateKey.getInstance(content)).getEncoded();
    } catch (IOException | IllegalArgumentException e) {
      return null; // no key of RSA in its older form
    }
  }

  private static byte @Nullable [] curve(byte[] content) {
    try {
      ECPrivateKey key = ECPrivateKey.getInstance(content);
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
      return new PrivateKeyInfo(algorithm, key).getEncoded();
    } catch (IOException | IllegalArgumentException e) {
      return null; // no key of an elliptic curve in its older form
    }
  }

  /// Text from the first block on.
  static String withoutJunk(String text) {
    int start = text.indexOf("-----BEGIN");
    return start < 0 ? text : text.substring(start);
  }

  static String message(Exception e) {
    return Utf8.of(String.valueOf(e.getMessage()));
  }
}
