package dev.tiphys.template.sprig.crypto;

import dev.tiphys.pki.Pem;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.value.Utf8;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.DSAParams;
import java.security.interfaces.DSAPrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/// Private keys, in the form of their own kind: those of RSA and of elliptic curves in their older
/// one.
final class Keys {

  private static final String EC_PRIVATE = "EC PRIVATE KEY";

  private Keys() {}

  static String block(String label, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, content));
    } catch (IOException e) {
      throw new IllegalStateException("a text can't be written", e);
    }
    return text.toString().replace("\r", "");
  }

  /// The first block of a text; null if there is none.
  static @Nullable PemObject block(String text) {
    int start = text.indexOf("-----BEGIN");
    if (start < 0) {
      return null;
    }
    try (PemReader reader = new PemReader(new StringReader(text.substring(start)))) {
      return reader.readPemObject();
    } catch (IOException | RuntimeException e) {
      return null; // a block that is none counts as text around
    }
  }

  static KeyPair generate(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no keys of " + algorithm, e);
    }
  }

  static String pem(PrivateKey key) {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    try {
      return switch (key.getAlgorithm()) {
        case "RSA" ->
            block("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
        case "EC", "ECDSA" -> block(EC_PRIVATE, curveKey(key, info));
        default -> block("PRIVATE KEY", key.getEncoded());
      };
    } catch (IOException e) {
      throw new IllegalStateException("a key can't be written", e);
    }
  }

  private static byte[] curveKey(PrivateKey key, PrivateKeyInfo info) throws IOException {
    var curve = ASN1ObjectIdentifier.getInstance(info.getPrivateKeyAlgorithm().getParameters());
    BigInteger secret = ((ECPrivateKey) key).getS();
    int bits = ((ECPrivateKey) key).getParams().getOrder().bitLength();
    byte[] point =
        SubjectPublicKeyInfo.getInstance(publicKey(key).getEncoded()).getPublicKeyData().getBytes();
    return new org.bouncycastle.asn1.sec.ECPrivateKey(bits, secret, new DERBitString(point), curve)
        .getEncoded();
  }

  /// A key of DSA, whose form no standard has: its version and five numbers.
  static String dsa(PrivateKey key) {
    DSAParams parameters = ((DSAPrivateKey) key).getParams();
    BigInteger secret = ((DSAPrivateKey) key).getX();
    BigInteger shown = parameters.getG().modPow(secret, parameters.getP());
    ASN1EncodableVector numbers = new ASN1EncodableVector();
    numbers.add(new ASN1Integer(0));
    for (BigInteger number :
        List.of(parameters.getP(), parameters.getQ(), parameters.getG(), shown, secret)) {
      numbers.add(new ASN1Integer(number));
    }
    try {
      return block("DSA PRIVATE KEY", new DERSequence(numbers).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("a key can't be written", e);
    }
  }

  /// The key of a text.
  ///
  /// @throws CallException if there is none
  static PrivateKey parse(String pem) {
    PemObject block = block(pem);
    if (block == null) {
      throw new CallException("no PEM data in input");
    }
    if (!block.getType().equals("PRIVATE KEY") && !block.getType().endsWith(" PRIVATE KEY")) {
      throw new CallException("no private key data in PEM block of type " + block.getType());
    }
    try {
      return Pem.privateKey(pem);
    } catch (IllegalArgumentException e) {
      throw new CallException("decoding PEM: " + Utf8.of(String.valueOf(e.getMessage())));
    }
  }

  /// The public key that belongs to a private one.
  static PublicKey publicKey(PrivateKey key) {
    try {
      AsymmetricKeyParameter shown =
          switch (PrivateKeyFactory.createKey(key.getEncoded())) {
            case RSAPrivateCrtKeyParameters rsa ->
                new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
            case ECPrivateKeyParameters curve ->
                new ECPublicKeyParameters(
                    curve.getParameters().getG().multiply(curve.getD()), curve.getParameters());
            case Ed25519PrivateKeyParameters edwards -> edwards.generatePublicKey();
            default ->
                throw new CallException("unable to get public key for type " + key.getAlgorithm());
          };
      return new JcaPEMKeyConverter()
          .getPublicKey(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(shown));
    } catch (IOException e) {
      throw new CallException("error retrieving public key from signee key: " + e.getMessage());
    }
  }
}
