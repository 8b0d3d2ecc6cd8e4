package dev.tiphys.schema.validation.access;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.TreeDiff;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules for CertificateSigningRequests.
public final class CertificateRules {

  private static final String APPROVED = "Approved";
  private static final String DENIED = "Denied";
  private static final String FAILED = "Failed";
  private static final String BOTH = "Approved and Denied conditions are mutually exclusive";
  private static final int SHORTEST = 600;
  private static final List<String> STATUSES = List.of("False", "True", "Unknown");
  private static final List<String> USAGES =
      List.of(
          "any",
          "cert sign",
          "client auth",
          "code signing",
          "content commitment",
          "crl sign",
          "data encipherment",
          "decipher only",
          "digital signature",
          "email protection",
          "encipher only",
          "ipsec end system",
          "ipsec tunnel",
          "ipsec user",
          "key agreement",
          "key encipherment",
          "microsoft sgc",
          "netscape sgc",
          "ocsp signing",
          "s/mime",
          "server auth",
          "signing",
          "timestamping");

  private CertificateRules() {}

  public static void create(FieldValue request) {
    spec(request.at("spec"));
    conditions(request.at("status", "conditions"), null);
    certificate(request.at("status", "certificate"));
  }

  private static void spec(FieldValue spec) {
    FieldValue request = spec.at("request");
    String unsound = SigningRequest.problem(request.string());
    if (unsound != null) {
      request.invalid(unsound);
    }
    FieldValue usages = spec.at("usages");
    usages.mustBeSet();
    for (FieldValue usage : usages.items()) {
      usage.mustBeOneOf(USAGES);
    }
    Set<Object> seen = new HashSet<>();
    for (FieldValue usage : usages.items()) {
      usage.mustBeNewIn(seen);
    }
    FieldValue signer = spec.at("signerName");
    if (signer.is("kubernetes.io/legacy-unknown")) {
      signer.invalid("the legacy signerName is not allowed via this API version");
    } else {
      SignerRules.signerName(signer);
    }
    FieldValue lifetime = spec.at("expirationSeconds");
    if (lifetime.isSet() && lifetime.integer() < SHORTEST) {
      lifetime.invalid("may not specify a duration less than 600 seconds (10 minutes)");
    }
  }

  /// What was wrong before may stay wrong.
  private static void conditions(FieldValue conditions, @Nullable Struct before) {
    List<String> old =
        before == null
            ? List.of()
            : before.structs("status", "conditions").stream()
                .map(condition -> condition.string("type"))
                .toList();
    boolean both = old.contains(APPROVED) && old.contains(DENIED);
    boolean doubles = new HashSet<>(old).size() < old.size();
    Set<Object> seen = new HashSet<>();
    for (FieldValue condition : conditions.items()) {
      FieldValue type = condition.at("type");
      if (!old.contains("")) {
        type.mustBeSet();
      }
      boolean decides = List.of(APPROVED, DENIED, FAILED).contains(type.string());
      condition.at("status").mustBeSetToOneOf(decides ? List.of("True") : STATUSES);
      if (!both
          && ((type.is(APPROVED) && seen.contains(DENIED))
              || (type.is(DENIED) && seen.contains(APPROVED)))) {
        conditions.invalid(type.string(), BOTH);
      }
      if (!seen.add(type.string()) && !doubles) {
        type.duplicate();
      }
    }
  }

  private static void certificate(FieldValue certificate) {
    if (certificate.isEmpty()) {
      return;
    }
    String problem = problem(certificate.string());
    if (problem != null) {
      certificate.invalid("<certificate data>", problem);
    }
  }

  private static @Nullable String problem(String base64) {
    List<Pem.Block> blocks = Pem.blocks(base64);
    for (Pem.Block block : blocks) {
      if (!block.type().equals("CERTIFICATE")) {
        return "only CERTIFICATE PEM blocks are allowed, found " + GoText.quoted(block.type());
      }
      if (block.headers()) {
        return "no PEM block headers are permitted";
      }
      if (block.bytes().length == 0) {
        return "found CERTIFICATE PEM block containing 0 certificates";
      }
      if (!parses(block.bytes())) {
        return "x509: malformed certificate";
      }
    }
    return blocks.isEmpty() ? "must contain at least one CERTIFICATE PEM block" : null;
  }

  public static boolean parses(byte[] bytes) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return factory.generateCertificate(new ByteArrayInputStream(bytes)) != null;
    } catch (CertificateException e) {
      return false;
    }
  }

  public static void update(FieldValue now, Struct before) {
    changes(now, before, false, false);
  }

  public static void status(FieldValue now, Struct before) {
    changes(now, before, false, true);
  }

  public static void approval(FieldValue now, Struct before) {
    changes(now, before, true, false);
  }

  /// What is asked for never changes, so only the answer is looked at.
  private static void changes(FieldValue now, Struct before, boolean mayDecide, boolean maySign) {
    FieldValue conditions = now.at("status", "conditions");
    conditions(conditions, before);
    FieldValue certificate = now.at("status", "certificate");
    String old = before.string("status", "certificate");
    boolean signs = !certificate.string().equals(old);
    if (signs && (old.isEmpty() || problem(old) == null)) {
      certificate(certificate);
    }
    for (String type : List.of(APPROVED, DENIED, FAILED)) {
      if (of(conditions.structs(), type).size() < had(before, type).size()) {
        conditions.forbidden("updates may not remove a condition of type " + GoText.quoted(type));
      }
    }
    if (!mayDecide) {
      decisionsStay(conditions, before);
    }
    if (signs && !maySign) {
      certificate.forbidden("updates may not set certificate content");
    } else if (signs && !old.isEmpty()) {
      certificate.forbidden("updates may not modify existing certificate content");
    }
  }

  private static void decisionsStay(FieldValue conditions, Struct before) {
    for (String type : List.of(APPROVED, DENIED)) {
      List<Struct> has = of(conditions.structs(), type);
      List<Struct> had = had(before, type);
      String quoted = GoText.quoted(type);
      if (has.size() > had.size()) {
        conditions.forbidden("updates may not add a condition of type " + quoted);
      } else if (has.size() == had.size() && !has.equals(had)) {
        conditions.forbidden(
            "updates may not modify a condition of type "
                + quoted
                + "\n"
                + TreeDiff.of(
                    had, has, "io.k8s.api.certificates.v1.CertificateSigningRequestCondition"));
      }
    }
  }

  private static List<Struct> had(Struct before, String type) {
    return of(before.structs("status", "conditions"), type);
  }

  private static List<Struct> of(List<Struct> conditions, String type) {
    return conditions.stream().filter(item -> item.string("type").equals(type)).toList();
  }
}
