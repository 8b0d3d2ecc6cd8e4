package dev.tiphys.template.sprig.crypto;

import static dev.tiphys.template.value.Type.ANYS;
import static dev.tiphys.template.value.Type.INT;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.pki.Pem;
import dev.tiphys.template.format.Printer;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.sprig.Encodings;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.world.World;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// Keys, and certificates for servers and clients.
public final class Certificates {

  /// What a new key takes, in steps: about as much as its time.
  private static final int RSA_2048 = 250_000;

  private static final int RSA_4096 = 1_000_000;
  private static final int SERIAL_BITS = 128;

  private final World world;

  private Certificates(World world) {
    this.world = world;
  }

  public static List<Function> functions(World world) {
    Certificates all = new Certificates(world);
    return List.of(
        Function.of("genPrivateKey", Certificates::key, STRING),
        Function.of("buildCustomCert", Certificates::custom, STRING, STRING),
        Function.of("genCA", call -> all.authority(call, newKey(call)), STRING, INT),
        Function.of(
            "genCAWithKey", call -> all.authority(call, given(call, 2)), STRING, INT, STRING),
        Function.of(
            "genSelfSignedCert",
            call -> all.selfSigned(call, newKey(call)),
            STRING,
            ANYS,
            ANYS,
            INT),
        Function.of(
            "genSelfSignedCertWithKey",
            call -> all.selfSigned(call, given(call, 4)),
            STRING,
            ANYS,
            ANYS,
            INT,
            STRING),
        Function.of(
            "genSignedCert",
            call -> all.signed(call, newKey(call)),
            STRING,
            ANYS,
            ANYS,
            INT,
            Certificate.TYPE),
        Function.of(
            "genSignedCertWithKey",
            call -> all.signed(call, given(call, 5)),
            STRING,
            ANYS,
            ANYS,
            INT,
            Certificate.TYPE,
            STRING));
  }

  private static PrivateKey newKey(Call call) {
    call.budget().steps(RSA_2048);
    return Keys.generate("RSA", 2048).getPrivate();
  }

  private static PrivateKey given(Call call, int index) {
    try {
      return Keys.parse(Utf8.characters(call.text(index)));
    } catch (CallException e) {
      throw new CallException("parsing private key: " + e.getMessage());
    }
  }

  private static String key(Call call) {
    return switch (call.text(0)) {
      case "", "rsa" -> {
        call.budget().steps(RSA_4096);
        yield Keys.pem(Keys.generate("RSA", 4096).getPrivate());
      }
      case "dsa" -> {
        call.budget().steps(RSA_4096);
        yield Keys.dsa(Keys.generate("DSA", 2048).getPrivate());
      }
      case "ecdsa" -> Keys.pem(Keys.generate("EC", 256).getPrivate());
      case "ed25519" -> Keys.pem(Keys.generate("Ed25519", 0).getPrivate());
      default -> "Unknown type " + call.text(0);
    };
  }

  private static Certificate custom(Call call) {
    String certificate = decoded(call.text(0), "certificate");
    String key = decoded(call.text(1), "private key");
    if (Keys.block(certificate) == null) {
      throw new CallException("unable to decode certificate");
    }
    parse(certificate, "error parsing certificate: decodedCert.Bytes: ");
    try {
      Keys.parse(key);
    } catch (CallException e) {
      throw new CallException("error parsing private key: " + e.getMessage());
    }
    return new Certificate(certificate, key);
  }

  private static String decoded(String text, String what) {
    try {
      return Utf8.of(Encodings.base64(text));
    } catch (CallException e) {
      throw new CallException("unable to decode base64 " + what);
    }
  }

  private static X509Certificate parse(String pem, String problem) {
    try {
      return Pem.certificates(pem).getFirst();
    } catch (IllegalArgumentException e) {
      throw new CallException(problem + Utf8.of(String.valueOf(e.getMessage())));
    }
  }

  private Certificate authority(Call call, PrivateKey key) {
    return certificate(call, call.whole(1), List.of(), key, true, null, key);
  }

  private Certificate selfSigned(Call call, PrivateKey key) {
    return certificate(call, call.whole(3), names(call), key, false, null, key);
  }

  private Certificate signed(Call call, PrivateKey key) {
    if (!(call.value(4) instanceof Certificate issuer) || Keys.block(issuer.cert()) == null) {
      throw new CallException("unable to decode certificate");
    }
    X509Certificate parent =
        parse(issuer.cert(), "error parsing certificate: decodedSignerCert.Bytes: ");
    PrivateKey signer;
    try {
      signer = Keys.parse(issuer.key());
    } catch (CallException e) {
      throw new CallException("error parsing private key: " + e.getMessage());
    }
    return certificate(call, call.whole(3), names(call), key, false, parent, signer);
  }

  private static List<GeneralName> names(Call call) {
    List<GeneralName> names = new ArrayList<>();
    for (Object dns : call.slice(2).items()) {
      if (!(dns instanceof String name)) {
        throw new CallException(
            "error processing alternate dns name: "
                + Printer.text(dns, call.budget())
                + " is not a string");
      }
      names.add(new GeneralName(GeneralName.dNSName, Utf8.characters(name)));
    }
    for (Object ip : call.slice(1).items()) {
      if (!(ip instanceof String address)) {
        throw new CallException(
            "error parsing ip: " + Printer.text(ip, call.budget()) + " is not a string");
      }
      names.add(address(address));
    }
    return names;
  }

  private static GeneralName address(String address) {
    try {
      return new GeneralName(GeneralName.iPAddress, address);
    } catch (IllegalArgumentException e) {
      throw new CallException("error parsing ip: " + address);
    }
  }

  /// @param parent null if the certificate signs itself
  private Certificate certificate(
      Call call,
      long days,
      List<GeneralName> names,
      PrivateKey key,
      boolean authority,
      @Nullable X509Certificate parent,
      PrivateKey signer) {
    PublicKey shown = Keys.publicKey(key);
    X500Name subject =
        new X500NameBuilder().addRDN(BCStyle.CN, Utf8.characters(call.text(0))).build();
    X500Name issuer =
        parent == null
            ? subject
            : X500Name.getInstance(parent.getSubjectX500Principal().getEncoded());
    Date start = Date.from(world.now());
    Date end = Date.from(world.now().plus(Duration.ofDays(Math.clamp(days, -100_000, 100_000))));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(issuer, serial(), start, end, subject, shown);
    try {
      extend(builder, names, shown, authority, parent);
      X509Certificate made =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(algorithm(signer)).build(signer)));
      return new Certificate(Pem.of(List.of(made)), Keys.pem(key));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new CallException("error creating certificate: " + e.getMessage());
    }
  }

  private static void extend(
      X509v3CertificateBuilder builder,
      List<GeneralName> names,
      PublicKey key,
      boolean authority,
      @Nullable X509Certificate parent)
      throws IOException, GeneralSecurityException {
    int usages = KeyUsage.keyEncipherment | KeyUsage.digitalSignature;
    builder
        .addExtension(
            Extension.keyUsage,
            true,
            new KeyUsage(authority ? usages | KeyUsage.keyCertSign : usages))
        .addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (authority) {
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    }
    byte[] parentKey =
        parent == null ? null : parent.getExtensionValue(Extension.subjectKeyIdentifier.getId());
    if (parentKey != null) {
      byte[] identifier =
          SubjectKeyIdentifier.getInstance(DEROctetString.getInstance(parentKey).getOctets())
              .getKeyIdentifier();
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(identifier));
    }
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
  }

  private BigInteger serial() {
    byte[] serial = new byte[SERIAL_BITS / 8];
    world.random().nextBytes(serial);
    return new BigInteger(1, serial);
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC", "ECDSA" -> "SHA256withECDSA";
      default -> "Ed25519";
    };
  }
}
