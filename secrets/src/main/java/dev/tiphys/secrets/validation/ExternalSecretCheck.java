package dev.tiphys.secrets.validation;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.CreationPolicy;
import dev.tiphys.secrets.model.DeletionPolicy;
import dev.tiphys.secrets.model.ExternalSecret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What contradicts itself in an ExternalSecret.
record ExternalSecretCheck(ExternalSecret secret) {

  List<String> problems() {
    List<String> problems = new ArrayList<>(policies());
    if (secret.data().isEmpty() && secret.dataFrom().isEmpty()) {
      problems.add("either data or dataFrom should be specified");
    }
    problems.addAll(TemplateCheck.privileges(secret.template()));
    if (isOfSecret()) {
      problems.addAll(TemplateCheck.targets(secret.template()));
    }
    secret.dataFrom().forEach(source -> problems.addAll(source(source)));
    problems.addAll(duplicates());
    return problems;
  }

  private boolean isOfSecret() {
    Struct manifest = secret.target().struct("manifest");
    return manifest.isEmpty()
        || manifest.string("apiVersion").equals("v1") && manifest.string("kind").equals("Secret");
  }

  private List<String> policies() {
    CreationPolicy creation = secret.creation();
    boolean others = creation.adds() || creation == CreationPolicy.NONE;
    if (secret.deletion() == DeletionPolicy.DELETE && others) {
      return List.of(
          "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please"
              + " set creationPolicy=Owner");
    }
    if (secret.deletion() == DeletionPolicy.MERGE && creation == CreationPolicy.NONE) {
      return List.of(
          "deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to"
              + " merge with");
    }
    return List.of();
  }

  private static List<String> source(Struct source) {
    List<String> problems = new ArrayList<>();
    boolean refers = source.has("sourceRef");
    boolean generates = source.has("sourceRef", "generatorRef");
    int ways = (source.has("extract") ? 1 : 0) + (source.has("find") ? 1 : 0) + (generates ? 1 : 0);
    if (ways > 1) {
      problems.add("extract, find, or generatorRef cannot be set at the same time");
    }
    if (ways == 0 && !refers) {
      problems.add("either extract, find, or sourceRef must be set to dataFrom");
    }
    if (refers && !generates && !source.has("sourceRef", "storeRef")) {
      problems.add("generatorRef or storeRef must be set when using sourceRef in dataFrom");
    }
    return problems;
  }

  /// Where keys may go, a later entry may stand in for one that is missing.
  private List<String> duplicates() {
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    if (secret.deletion() == DeletionPolicy.RETAIN) {
      for (Struct entry : secret.data()) {
        String key = entry.string("secretKey");
        if (!seen.add(key)) {
          problems.add("duplicate secretKey found: " + key);
        }
      }
    }
    return problems;
  }
}
