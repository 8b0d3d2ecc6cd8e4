package dev.tiphys.secrets.validation;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What a template may not make of a Secret: credentials of the cluster, and anything else than
/// values, labels and annotations.
public final class TemplateCheck {

  private static final String SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token";
  private static final String SERVICE_ACCOUNT_NAME = "kubernetes.io/service-account.name";
  private static final String BOOTSTRAP_TOKEN = "bootstrap.kubernetes.io/token";
  private static final List<String> TARGETS = List.of("Data", "Annotations", "Labels");

  private TemplateCheck() {}

  /// All problems; none for a template that is not there.
  public static List<String> problems(Struct template) {
    List<String> problems = new ArrayList<>(privileges(template));
    problems.addAll(targets(template));
    return problems;
  }

  /// With these, tokens could be had that the rights of the writer do not allow.
  static List<String> privileges(Struct template) {
    String type = template.string("type");
    if (type.equals(BOOTSTRAP_TOKEN)) {
      return List.of("template.type=\"%s\" is not allowed".formatted(type));
    }
    if (!type.equals(SERVICE_ACCOUNT_TOKEN)) {
      return List.of();
    }
    if (template.struct("metadata", "annotations").has(SERVICE_ACCOUNT_NAME)) {
      return List.of(
          "template.type=\"%s\" with annotation \"%s\" is not allowed"
              .formatted(type, SERVICE_ACCOUNT_NAME));
    }
    for (Struct from : template.structs("templateFrom")) {
      if (from.string("target").equalsIgnoreCase("Annotations")) {
        return List.of(
            "template.type=\"%s\" with templateFrom target=\"Annotations\" is not allowed"
                .formatted(type));
      }
    }
    return List.of();
  }

  static List<String> targets(Struct template) {
    List<String> problems = new ArrayList<>();
    for (Struct from : template.structs("templateFrom")) {
      String target = from.string("target");
      if (!target.isEmpty() && TARGETS.stream().noneMatch(target::equalsIgnoreCase)) {
        problems.add(
            "templateFrom target=\"%s\" is not allowed when targeting a Secret, must be one of \"Data\", \"Annotations\" or \"Labels\""
                .formatted(target));
      }
    }
    return problems;
  }
}
