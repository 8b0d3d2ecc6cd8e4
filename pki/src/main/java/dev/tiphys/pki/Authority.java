package dev.tiphys.pki;

import dev.tiphys.world.World;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority. Its keys, and those it makes, are of the elliptic curve P-256.
///
/// Threads: any.
public final class Authority {

  /// How far back certificates begin, for machines whose clocks differ.
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final int SERIAL_BITS = 120;

  private final World world;
  private final Credential own;

  /// An authority that exists already.
  public Authority(World world, Credential own) {
    this.world = world;
    this.own = own;
  }

  /// Founds an authority.
  public static Authority found(World world, String name) {
    KeyPair keys = KeyType.EC.generate();
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    try {
      X509v3CertificateBuilder builder =
          builder(world, subject, subject, keys.getPublic(), AUTHORITY_LIFE)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.keyUsage,
                  true,
                  new KeyUsage(
                      KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate certificate = sign(builder, keys.getPrivate());
      return new Authority(world, new Credential(keys.getPrivate(), List.of(certificate)));
    } catch (GeneralSecurityException | IOException e) {
      throw impossible(e);
    }
  }

  /// The authority's own key and certificate.
  public Credential credential() {
    return own;
  }

  public X509Certificate certificate() {
    return own.certificate();
  }

  /// Makes a key, and vouches that it is the subject's.
  public Credential issue(Subject subject, Duration life) {
    return issue(subject, life, KeyType.EC);
  }

  /// Makes a key of a certain kind, and vouches that it is the subject's.
  public Credential issue(Subject subject, Duration life, KeyType type) {
    KeyPair keys = type.generate();
    return new Credential(
        keys.getPrivate(), List.of(certify(subject, keys.getPublic(), life), certificate()));
  }

  /// Vouches for what a request asks for: its subject with its other names and its key, and nothing
  /// else of what it wants.
  ///
  /// @param usages what the key may be used for, by the names that the API has for it
  /// @param start since when the certificate is good
  /// @param end until when, at most: not longer than the authority's own
  /// @throws IllegalArgumentException if there is no such usage, or the authority has expired
  public X509Certificate sign(
      SigningRequest request, List<String> usages, Instant start, Instant end) {
    Instant last = certificate().getNotAfter().toInstant();
    if (!world.now().isBefore(last)) {
      throw new IllegalArgumentException(
          "refusing to sign a certificate that expired in the past: NotAfter=" + last);
    }
    KeyUsages uses = new KeyUsages(usages);
    GeneralNames names = request.generalNames();
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded()),
              serial(world),
              Date.from(start),
              Date.from(end.isBefore(last) ? end : last),
              request.content().getSubject(),
              request.content().getSubjectPublicKeyInfo());
      if (uses.basic() != 0) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(uses.basic()));
      }
      if (!uses.extended().isEmpty()) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(uses.extended().toArray(KeyPurposeId[]::new)));
      }
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate()));
      if (names != null) {
        boolean nameless = request.content().getSubject().getRDNs().length == 0;
        builder.addExtension(Extension.subjectAlternativeName, nameless, names);
      }
      return sign(builder, own.key());
    } catch (GeneralSecurityException | IOException e) {
      throw impossible(e);
    }
  }

  private X509Certificate certify(Subject subject, PublicKey key, Duration life) {
    X500NameBuilder name = new X500NameBuilder();
    subject.organizations().forEach(group -> name.addRDN(BCStyle.O, group));
    name.addRDN(BCStyle.CN, subject.name());
    X500Name issuer = X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
    boolean server = !subject.hosts().isEmpty();
    try {
      X509v3CertificateBuilder builder =
          builder(world, issuer, name.build(), key, life)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(
                  Extension.keyUsage,
                  true,
                  new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      server ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate()));
      if (server) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(subject.hosts()));
      }
      return sign(builder, own.key());
    } catch (GeneralSecurityException | IOException e) {
      throw impossible(e);
    }
  }

  static GeneralNames names(List<String> hosts) {
    GeneralName[] names =
        hosts.stream()
            .map(
                host ->
                    new GeneralName(
                        isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
            .toArray(GeneralName[]::new);
    return new GeneralNames(names);
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  private static X509v3CertificateBuilder builder(
      World world, X500Name issuer, X500Name subject, PublicKey key, Duration life) {
    Instant now = world.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        serial(world),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(life)),
        subject,
        key);
  }

  private static BigInteger serial(World world) {
    byte[] serial = new byte[SERIAL_BITS / 8];
    world.random().nextBytes(serial);
    return new BigInteger(1, serial).setBit(SERIAL_BITS - 1);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm(key)).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /// How a key signs.
  static String algorithm(PrivateKey key) {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  /// Every JDK has these algorithms.
  private static IllegalStateException impossible(Exception e) {
    return new IllegalStateException("this Java can't make certificates: " + e.getMessage(), e);
  }
}
