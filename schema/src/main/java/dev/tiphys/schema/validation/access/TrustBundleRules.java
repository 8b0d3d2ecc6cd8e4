package dev.tiphys.schema.validation.access;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Format;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.NameForm;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rules for ClusterTrustBundles: their names begin with their signer, and they hold certificates
/// of authorities, each once.
public final class TrustBundleRules {

  private static final String OMITTED = "<value omitted>";

  private TrustBundleRules() {}

  public static void create(FieldValue bundle) {
    named(bundle);
    trustBundle(bundle.at("spec", "trustBundle"));
  }

  /// What is not changed need not be what would be accepted today.
  public static void update(FieldValue bundle, Struct before) {
    named(bundle);
    FieldValue certificates = bundle.at("spec", "trustBundle");
    if (!certificates.is(before.string("spec", "trustBundle"))) {
      trustBundle(certificates);
    }
    FieldValue signer = bundle.at("spec", "signerName");
    signer.holding(signer.string()).mustEqual(before.string("spec", "signerName"));
  }

  private static void named(FieldValue bundle) {
    FieldValue signer = bundle.at("spec", "signerName");
    NameForm form = NameForm.of(nameFor(signer.string()));
    FieldValue prefix = bundle.at("metadata", "generateName");
    if (!prefix.isEmpty()) {
      prefix.mustBe(form.prefix());
    }
    FieldValue name = bundle.at("metadata", "name");
    if (!name.isEmpty()) {
      name.mustBe(form.name());
    }
    if (!signer.isEmpty()) {
      SignerRules.signerName(signer);
    }
  }

  private static Format nameFor(String signer) {
    String start = signer.isEmpty() ? "" : signer.replace('/', ':') + ":";
    return name -> {
      if (signer.isEmpty() && name.indexOf(':') >= 0) {
        return List.of("ClusterTrustBundle without signer name must not have \":\" in its name");
      }
      return name.startsWith(start)
          ? Formats.dnsSubdomain(name.substring(start.length()))
          : List.of(
              "ClusterTrustBundle for signerName "
                  + signer
                  + " must be named with prefix "
                  + start);
    };
  }

  private static void trustBundle(FieldValue certificates) {
    List<Pem.Block> blocks = Pem.in(certificates.string());
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      String problem = problem(blocks.get(i));
      if (problem != null) {
        problems.add("entry " + i + " " + problem);
      }
      places.computeIfAbsent(blocks.get(i).body(), _ -> new ArrayList<>()).add(i);
    }
    if (blocks.isEmpty()) {
      problems.add("at least one trust anchor must be provided");
    }
    if (problems.isEmpty()) {
      places.values().stream()
          .filter(same -> same.size() > 1)
          .map(TrustBundleRules::duplicate)
          .forEach(problems::add);
    }
    problems.forEach(problem -> certificates.invalid(OMITTED, problem));
  }

  private static String duplicate(List<Integer> places) {
    return places.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(" ", "duplicate trust anchor (indices [", "])"));
  }

  private static @Nullable String problem(Pem.Block block) {
    if (!block.type().equals("CERTIFICATE")) {
      return "has bad block type: " + block.type();
    }
    if (block.headers()) {
      return "has PEM block headers";
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(block.bytes()));
      return certificate.getBasicConstraints() < 0 ? "does not have the CA bit set" : null;
    } catch (CertificateException _) {
      return "does not parse as X.509";
    }
  }
}
