package dev.tiphys.template.externalsecrets;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.object.IpAddress;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Utf8;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.jspecify.annotations.Nullable;

/// Certificates picked out of a text, by what they are to each other.
final class Chains {

  private Chains() {}

  static List<Function> functions() {
    return List.of(
        Function.of("filterPEM", Chains::filter, STRING, STRING),
        Function.of("filterCertChain", Chains::filterChain, STRING, STRING),
        Function.of("certSANs", call -> Slice.strings(names(call.text(0))), STRING));
  }

  private static String filter(Call call) {
    String text = PemBlock.withoutJunk(call.text(1));
    StringBuilder found = new StringBuilder();
    List<PemBlock> blocks = PemBlock.all(text);
    blocks.stream()
        .filter(block -> block.label().equalsIgnoreCase(call.text(0)))
        .forEach(block -> found.append(block.text()));
    boolean ends = !blocks.isEmpty() && text.stripTrailing().endsWith("-----");
    if (found.isEmpty() && !text.isEmpty() && !ends) {
      throw new CallException("error filtering pem: found junk");
    }
    return call.made(found.toString());
  }

  private static String filterChain(Call call) {
    List<X509Certificate> chain =
        ordered(PemBlock.all(call.text(1)).stream().map(PemBlock::certificate).toList());
    return switch (call.text(0)) {
      case "leaf" -> isRoot(chain.getFirst()) ? "" : PemBlock.certificate(chain.getFirst());
      case "intermediate" -> intermediates(chain);
      case "root" -> isRoot(chain.getLast()) ? PemBlock.certificate(chain.getLast()) : "";
      default -> "";
    };
  }

  private static String intermediates(List<X509Certificate> chain) {
    StringBuilder found = new StringBuilder();
    for (X509Certificate certificate : chain.subList(1, chain.size())) {
      if (isRoot(certificate)) {
        break;
      }
      found.append(PemBlock.certificate(certificate));
    }
    return found.toString();
  }

  private static boolean isRoot(X509Certificate certificate) {
    byte[] issuer = issuerKey(certificate);
    return issuer == null || Arrays.equals(issuer, ownKey(certificate));
  }

  private static byte @Nullable [] extension(X509Certificate certificate, String id) {
    byte[] value = certificate.getExtensionValue(id);
    return value == null ? null : ASN1OctetString.getInstance(value).getOctets();
  }

  private static byte @Nullable [] ownKey(X509Certificate certificate) {
    byte[] value = extension(certificate, Extension.subjectKeyIdentifier.getId());
    return value == null ? null : SubjectKeyIdentifier.getInstance(value).getKeyIdentifier();
  }

  private static byte @Nullable [] issuerKey(X509Certificate certificate) {
    byte[] value = extension(certificate, Extension.authorityKeyIdentifier.getId());
    return value == null
        ? null
        : AuthorityKeyIdentifier.getInstance(value).getKeyIdentifierOctets();
  }

  /// From the one that is no other's issuer, each followed by its issuer.
  ///
  /// @throws CallException if they are no one chain
  static List<X509Certificate> ordered(List<X509Certificate> certificates) {
    int count = certificates.size();
    int[] parents = new int[count];
    boolean[] isParent = new boolean[count];
    Arrays.fill(parents, -1);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count && parents[i] < 0; j++) {
        if (i != j && issues(certificates.get(j), certificates.get(i))) {
          parents[i] = j;
          isParent[j] = true;
        }
      }
    }
    int leaf = -1;
    for (int i = 0; i < count; i++) {
      if (!isParent[i]) {
        if (leaf >= 0) {
          throw new CallException("found multiple leaf or disjunct certificates");
        }
        leaf = i;
      }
    }
    if (leaf < 0) {
      throw new CallException("no leaf certificate found");
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (int at = leaf; at >= 0; at = parents[at]) {
      if (chain.size() == count) {
        throw new CallException("constructing chain resulted in cycle");
      }
      chain.add(certificates.get(at));
    }
    return chain;
  }

  /// Two certificates that name no keys count as issuer of each other.
  private static boolean issues(X509Certificate issuer, X509Certificate certificate) {
    byte[] wanted = issuerKey(certificate);
    byte[] own = ownKey(issuer);
    return Arrays.equals(wanted == null ? new byte[0] : wanted, own == null ? new byte[0] : own);
  }

  private static List<String> names(String text) {
    X509Certificate certificate;
    PemBlock block = PemBlock.first(PemBlock.withoutJunk(text));
    try {
      certificate = block.certificate();
    } catch (CallException e) {
      throw new CallException("failed to parse certificate: " + e.getMessage());
    }
    byte[] value = extension(certificate, Extension.subjectAlternativeName.getId());
    List<String> found = new ArrayList<>();
    if (value == null) {
      return found;
    }
    GeneralName[] names = GeneralNames.getInstance(value).getNames();
    add(found, names, GeneralName.dNSName);
    add(found, names, GeneralName.iPAddress);
    add(found, names, GeneralName.rfc822Name);
    add(found, names, GeneralName.uniformResourceIdentifier);
    return found;
  }

  private static void add(List<String> found, GeneralName[] names, int tag) {
    for (GeneralName name : names) {
      if (name.getTagNo() == tag) {
        found.add(
            tag == GeneralName.iPAddress
                ? address(ASN1OctetString.getInstance(name.getName()).getOctets())
                : Utf8.of(name.getName().toString()));
      }
    }
  }

  private static String address(byte[] bytes) {
    try {
      String plain = InetAddress.getByAddress(bytes).getHostAddress();
      return bytes.length == 4 ? plain : String.valueOf(IpAddress.parse(plain));
    } catch (UnknownHostException e) {
      throw new CallException("x509: cannot parse IP address of length " + bytes.length);
    }
  }
}
