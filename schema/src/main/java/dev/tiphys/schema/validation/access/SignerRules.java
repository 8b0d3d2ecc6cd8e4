package dev.tiphys.schema.validation.access;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Format;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.List;

/// Rules for the names of signers of certificates, `example.com/signer-name`, and of the trust
/// bundles that belong to them.
public final class SignerRules {

  private static final int DOMAIN = 253;
  private static final int WHOLE = 571;

  private SignerRules() {}

  public static boolean isKubernetes(String signer) {
    int slash = signer.indexOf('/');
    String host = slash < 0 ? signer : signer.substring(0, slash);
    return host.equals("kubernetes.io") || host.endsWith(".kubernetes.io");
  }

  public static void signerName(FieldValue value) {
    if (!value.mustBeSet()) {
      return;
    }
    String name = value.string();
    String[] segments = name.split("/", -1);
    if (segments.length != 2) {
      value.invalid(
          "must be a fully qualified domain and path of the form 'example.com/signer-name'");
      return;
    }
    FieldValue domain = value.holding(segments[0]);
    domain.mustNotBeLongerThan(DOMAIN);
    labels(domain, Formats::dnsLabel);
    if (segments[0].indexOf('.') < 0) {
      domain.invalid("should be a domain with at least two segments separated by dots");
    }
    labels(value.holding(segments[1]), Formats::dnsSubdomain);
    value.mustNotBeLongerThan(WHOLE);
  }

  /// The parts between dots; only the first bad one is told.
  private static void labels(FieldValue value, Format format) {
    for (String label : value.string().split("\\.", -1)) {
      List<String> problems = format.problems(label);
      for (String problem : problems) {
        value.invalid("validating label " + GoText.quoted(label) + ": " + problem);
      }
      if (!problems.isEmpty()) {
        return;
      }
    }
  }

  /// What is wrong with the name of a trust bundle, whose signer stands before the last colon.
  public static List<String> trustBundleName(String name) {
    return Formats.dnsSubdomain(name.substring(name.lastIndexOf(':') + 1));
  }
}
