package dev.tiphys.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Keys and certificates as text (RFC 7468).
public final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");

  private Pem() {}

  public static String of(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate certificate : certificates) {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("unreadable certificate", e);
    }
    return text.toString();
  }

  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  static String block(String label, byte[] content) {
    String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + encoded + "\n-----END " + label + "-----\n";
  }

  /// The certificates in a text; what else is in it is passed over.
  ///
  /// @throws IllegalArgumentException if there is none, or one that can't be read
  public static List<X509Certificate> certificates(String text) {
    List<X509Certificate> found = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        found.add(certificate(content(block)));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no certificate found");
    }
    return found;
  }

  private static X509Certificate certificate(byte[] encoded) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("unreadable certificate: " + e.getMessage(), e);
    }
  }

  /// The lists of revoked certificates in a text (RFC 5280, 5); none in an empty one.
  ///
  /// @throws IllegalArgumentException if there is something else, or a list that can't be read
  public static List<X509CRL> revocations(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    try {
      List<X509CRL> lists =
          CertificateFactory.getInstance("X.509")
              .generateCRLs(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(X509CRL.class::cast)
              .toList();
      if (lists.isEmpty()) {
        throw new IllegalArgumentException("no list of revoked certificates found");
      }
      return lists;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "unreadable list of revoked certificates: " + e.getMessage(), e);
    }
  }

  /// The private key in a text, in the form of PKCS #8 or in the older ones of RSA and EC keys.
  ///
  /// @throws IllegalArgumentException if there is none, or one that is encrypted
  public static PrivateKey privateKey(String text) {
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (block.group(1).equals("PRIVATE KEY")) {
        return privateKey(content(block));
      }
    }
    return olderPrivateKey(text);
  }

  private static PrivateKey olderPrivateKey(String text) {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof PEMKeyPair pair) {
          return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("unreadable private key: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("no private key found, or one that is encrypted");
  }

  private static PrivateKey privateKey(byte[] encoded) {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        continue; // a key of another algorithm
      }
    }
    throw new IllegalArgumentException("the private key is of no known algorithm");
  }

  public static String of(PublicKey key) {
    return block("PUBLIC KEY", key.getEncoded());
  }

  /// The public keys in a text: keys by themselves, those of certificates, and those that belong to
  /// private keys of RSA and EC in their older form.
  ///
  /// @throws IllegalArgumentException if there is none, or one that can't be read
  public static List<PublicKey> publicKeys(String text) {
    List<PublicKey> found = new ArrayList<>();
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case SubjectPublicKeyInfo key -> found.add(converter.getPublicKey(key));
          case X509CertificateHolder certificate ->
              found.add(converter.getPublicKey(certificate.getSubjectPublicKeyInfo()));
          case PEMKeyPair pair -> found.add(converter.getPublicKey(pair.getPublicKeyInfo()));
          default -> {}
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("unreadable public key: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no public key found");
    }
    return found;
  }

  /// Whether a private key is the one that the first of some certificates is for.
  ///
  /// @throws IllegalArgumentException if one of them can't be read
  public static boolean belong(String key, String certificates) {
    PrivateKey own = privateKey(key);
    PublicKey shown = certificates(certificates).getFirst().getPublicKey();
    byte[] probe = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(Authority.algorithm(own));
      signature.initSign(own);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(shown);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of different kinds
    }
  }

  private static byte[] content(Matcher block) {
    return Base64.getMimeDecoder().decode(block.group(2));
  }
}
