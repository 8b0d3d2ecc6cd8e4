package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.access.SignerRules;
import dev.tiphys.schema.validation.access.TokenRules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Rules for volumes that bring several sources together in one directory.
final class ProjectionRules {

  private static final String CONFLICT = "conflicting duplicate paths";
  private static final long SHORTEST_CERTIFICATE = 3600;
  private static final long LONGEST_CERTIFICATE = 7_862_400;
  private static final long LONGEST_KUBERNETES_CERTIFICATE = 86_400;
  private static final List<String> KEY_TYPES =
      List.of("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519");

  private final FieldValue volume;
  private final Set<String> paths = new HashSet<>();

  private ProjectionRules(FieldValue volume) {
    this.volume = volume;
  }

  static void projected(FieldValue volume) {
    PathRules.mode(volume.at("defaultMode"));
    ProjectionRules rules = new ProjectionRules(volume);
    for (FieldValue source : volume.at("sources").items()) {
      rules.source(source);
    }
  }

  private void source(FieldValue source) {
    for (String field : List.of("secret", "configMap")) {
      if (source.at(field).isSet()) {
        files(source.at(field));
      }
    }
    if (source.at("downwardAPI").isSet()) {
      downward(source.at("downwardAPI"));
    }
    if (source.at("serviceAccountToken").isSet()) {
      token(source.at("serviceAccountToken"));
    }
    if (source.at("clusterTrustBundle").isSet()) {
      trustBundle(source.at("clusterTrustBundle"));
    }
    if (source.at("podCertificate").isSet()) {
      certificate(source.at("podCertificate"));
    }
    if (source.struct().size() > 1) {
      source.forbidden("may not specify more than 1 volume type");
    }
  }

  private void files(FieldValue source) {
    source.at("name").mustBeSet();
    for (FieldValue item : source.at("items").items()) {
      VolumeRules.keyToPath(item);
      takes(item.at("path").string(), source.at("name").string());
    }
  }

  private void downward(FieldValue source) {
    for (Struct file : source.at("items").structs()) {
      VolumeRules.downwardFile(source.holding(file));
      takes(file.string("path"), file.string("path"));
    }
  }

  /// A path can be taken once.
  private void takes(String path, String shown) {
    if (!path.isEmpty() && !paths.add(path)) {
      volume.invalid(shown, CONFLICT);
    }
  }

  private void token(FieldValue source) {
    TokenRules.lifetime(source.at("expirationSeconds"));
    FieldValue path = volume.at("path").holding(source.at("path").value());
    if (path.mustBeSet()) {
      PathRules.inVolume(path);
    }
  }

  private void trustBundle(FieldValue source) {
    FieldValue name = source.at("name");
    FieldValue signer = source.at("signerName");
    if (name.isSet() && signer.isSet()) {
      source.invalid("only one of name and signerName may be used");
    } else if (name.isSet()) {
      bundleName(name);
      if (source.at("labelSelector").isSet()) {
        source.at("labelSelector").invalid("labelSelector must be unset if name is specified");
      }
    } else if (signer.isSet()) {
      signer.mustBeSet("must be a valid signer name");
      SignerRules.signerName(signer);
      SelectorRules.selector(source.at("labelSelector"));
    } else {
      source.required("either name or signerName must be specified");
    }
    source.at("path").mustBeSet();
    PathRules.inVolume(source.at("path"));
    takes(source.at("path").string(), source.at("path").string());
  }

  private static void bundleName(FieldValue name) {
    name.mustBeSet("must be a valid object name");
    for (String problem : SignerRules.trustBundleName(name.string())) {
      name.invalid("not a valid clustertrustbundlename: " + problem);
    }
  }

  private void certificate(FieldValue source) {
    SignerRules.signerName(source.at("signerName"));
    userAnnotations(source.at("userAnnotations"));
    source.at("keyType").mustBeOneOf(KEY_TYPES);
    lifetime(source);
    boolean any = false;
    for (String field : List.of("credentialBundlePath", "keyPath", "certificateChainPath")) {
      FieldValue path = source.at(field);
      if (!path.isEmpty()) {
        any = true;
        PathRules.inVolume(path);
        takes(path.string(), path.string());
      }
    }
    if (!any) {
      source.required(
          "specify at least one of credentialBundlePath, keyPath, and certificateChainPath");
    }
  }

  private static void userAnnotations(FieldValue annotations) {
    for (FieldValue annotation : annotations.entries()) {
      String key = annotation.name().toLowerCase(Locale.ROOT);
      List<String> problems = Formats.labelKey(key);
      problems.forEach(problem -> annotations.invalid(key, problem));
      if (problems.isEmpty() && key.indexOf('/') < 0) {
        annotations.invalid(key, "must be a domain-prefixed key (such as \"acme.io/foo\")");
      }
    }
  }

  private static void lifetime(FieldValue source) {
    FieldValue seconds = source.at("maxExpirationSeconds");
    if (!seconds.isSet()) {
      return;
    }
    if (seconds.integer() < SHORTEST_CERTIFICATE) {
      seconds.invalid("if provided, maxExpirationSeconds must be >= 3600");
    }
    boolean ours = SignerRules.isKubernetes(source.at("signerName").string());
    long most = ours ? LONGEST_KUBERNETES_CERTIFICATE : LONGEST_CERTIFICATE;
    if (seconds.integer() > most) {
      seconds.invalid("if provided, maxExpirationSeconds must be <= " + most);
    }
  }
}
