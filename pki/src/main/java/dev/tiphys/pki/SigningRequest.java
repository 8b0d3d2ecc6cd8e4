package dev.tiphys.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A request for a certificate (PKCS #10, RFC 2986), whose sender proved to have the key.
///
/// Threads: any; immutable.
public final class SigningRequest {

  private final PKCS10CertificationRequest request;

  private SigningRequest(PKCS10CertificationRequest request) {
    this.request = request;
  }

  /// The request in a text.
  ///
  /// @throws IllegalArgumentException if there is none, or its signature is wrong
  public static SigningRequest parse(String pem) {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
        throw new IllegalArgumentException("PEM block type must be CERTIFICATE REQUEST");
      }
      if (!request.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()))) {
        throw new IllegalArgumentException("the signature of the request is wrong");
      }
      SigningRequest parsed = new SigningRequest(request);
      parsed.readAll();
      return parsed;
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
      // the library answers what is spoilt with exceptions of all sorts
      throw new IllegalArgumentException("unreadable request: " + e.getMessage(), e);
    }
  }

  /// A new request, as PEM.
  ///
  /// @param keys the key that is to be certified, and proves that it is the sender's
  /// @param subject whose it is; its hosts become other names
  public static String of(KeyPair keys, Subject subject) {
    X500NameBuilder name = new X500NameBuilder();
    subject.organizations().forEach(group -> name.addRDN(BCStyle.O, group));
    name.addRDN(BCStyle.CN, subject.name());
    try {
      PKCS10CertificationRequestBuilder builder =
          new JcaPKCS10CertificationRequestBuilder(name.build(), keys.getPublic());
      if (!subject.hosts().isEmpty()) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
            Extension.subjectAlternativeName, false, Authority.names(subject.hosts()));
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      byte[] encoded =
          builder
              .build(
                  new JcaContentSignerBuilder(Authority.algorithm(keys.getPrivate()))
                      .build(keys.getPrivate()))
              .getEncoded();
      return Pem.block("CERTIFICATE REQUEST", encoded);
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("this Java can't ask for certificates", e);
    }
  }

  /// Reads what would otherwise be read once it is asked for: then it is too late for a refusal.
  private void readAll() {
    commonName();
    organizations();
    otherNames();
  }

  PKCS10CertificationRequest content() {
    return request;
  }

  /// The common name of its subject; empty if it has none.
  public String commonName() {
    List<String> names = values(BCStyle.CN);
    return names.isEmpty() ? "" : names.getLast();
  }

  /// The organizations of its subject.
  public List<String> organizations() {
    return values(BCStyle.O);
  }

  private List<String> values(ASN1ObjectIdentifier type) {
    List<String> values = new ArrayList<>();
    for (RDN part : request.getSubject().getRDNs(type)) {
      values.add(IETFUtils.valueToString(part.getFirst().getValue()));
    }
    return values;
  }

  /// The kinds of other names that its subject is to have.
  public enum NameKind {
    DNS,
    EMAIL,
    ADDRESS,
    URI,
    OTHER
  }

  /// The kinds of the other names that its subject is to have, one for each name.
  public List<NameKind> otherNames() {
    GeneralNames names = generalNames();
    List<NameKind> kinds = new ArrayList<>();
    for (GeneralName name : names == null ? new GeneralName[0] : names.getNames()) {
      kinds.add(
          switch (name.getTagNo()) {
            case GeneralName.dNSName -> NameKind.DNS;
            case GeneralName.rfc822Name -> NameKind.EMAIL;
            case GeneralName.iPAddress -> NameKind.ADDRESS;
            case GeneralName.uniformResourceIdentifier -> NameKind.URI;
            default -> NameKind.OTHER;
          });
    }
    return kinds;
  }

  @org.jspecify.annotations.Nullable
  GeneralNames generalNames() {
    for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
      Extensions extensions = Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
      GeneralNames names =
          GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
      if (names != null) {
        return names;
      }
    }
    return null;
  }
}
