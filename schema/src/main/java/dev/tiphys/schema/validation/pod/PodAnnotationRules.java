package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules for the annotations of Pods that mean something. Some are older than the fields that say
/// the same today; then both must agree.
final class PodAnnotationRules {

  private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
  private static final String POD_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final String LOCALHOST = "localhost/";
  private static final List<String> DEFAULT_SECCOMP = List.of("runtime/default", "docker/default");

  private PodAnnotationRules() {}

  /// @param pod a Pod or a template of one
  static void annotations(FieldValue pod) {
    FieldValue annotations = pod.at("metadata", "annotations");
    if (!annotations.isSet()) {
      return;
    }
    FieldValue mirror = annotations.key(PodRules.MIRROR);
    if (mirror.isSet() && pod.at("spec", "nodeName").isEmpty()) {
      mirror.invalid("must set spec.nodeName if mirror pod annotation is set");
    }
    FieldValue cost = annotations.key(DELETION_COST);
    if (cost.isSet() && !isInteger(cost.string())) {
      cost.invalid("must be a 32bit integer");
    }
    if (annotations.struct().get(POD_SECCOMP) != null) {
      seccomp(annotations.at(POD_SECCOMP));
    }
    for (FieldValue annotation : annotations.entries()) {
      if (annotation.name().startsWith(CONTAINER_SECCOMP)) {
        seccomp(annotations.at(annotation.name()));
      }
    }
    for (FieldValue annotation : annotations.entries()) {
      if (annotation.name().startsWith(APP_ARMOR)) {
        appArmor(annotation, pod.at("spec"));
      }
    }
  }

  private static boolean isInteger(String text) {
    boolean padded = text.startsWith("+") || (text.startsWith("0") && text.length() > 1);
    try {
      Integer.parseInt(text);
      return !padded;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void seccomp(FieldValue annotation) {
    String profile = annotation.string();
    if (profile.startsWith(LOCALHOST)) {
      PathRules.relative(annotation.holding(profile.substring(LOCALHOST.length())));
    } else if (!profile.equals("unconfined") && !DEFAULT_SECCOMP.contains(profile)) {
      annotation.invalid("must be a valid seccomp profile");
    }
  }

  private static void appArmor(FieldValue annotation, FieldValue spec) {
    String container = annotation.name().substring(APP_ARMOR.length());
    boolean found = ContainerListRules.all(spec).stream().anyMatch(c -> c.at("name").is(container));
    if (!found) {
      annotation.invalid(container, "container not found");
    }
    String profile = annotation.string();
    boolean known =
        List.of("", "runtime/default", "unconfined").contains(profile)
            || profile.startsWith(LOCALHOST);
    if (!known) {
      annotation.invalid("invalid AppArmor profile name: " + GoText.quoted(profile));
    }
  }

  /// Annotations that can't be changed.
  static void update(FieldValue now, Struct before) {
    FieldValue annotations = now.at("metadata", "annotations");
    Struct old = before.struct("metadata", "annotations");
    for (String key : old.names()) {
      if (!Equality.same(annotations.struct().get(key), old.get(key))) {
        if (key.startsWith(APP_ARMOR)) {
          annotations.key(key).forbidden("may not remove or update AppArmor annotations");
        } else if (key.equals(PodRules.MIRROR)) {
          annotations.key(key).forbidden("may not remove or update mirror pod annotation");
        }
      }
    }
    for (FieldValue annotation : annotations.entries()) {
      if (old.get(annotation.name()) == null) {
        if (annotation.name().startsWith(APP_ARMOR)) {
          annotation.forbidden("may not add AppArmor annotations");
        } else if (annotation.name().equals(PodRules.MIRROR)) {
          annotation.forbidden("may not add mirror pod annotation");
        }
      }
    }
    annotations(now);
  }

  static void matchFields(FieldValue pod) {
    if (!pod.at("metadata", "annotations").isSet()) {
      return;
    }
    seccompMatchesFields(pod);
    appArmorMatchesFields(pod);
  }

  private static void seccompMatchesFields(FieldValue pod) {
    Struct annotations = pod.at("metadata", "annotations").struct();
    FieldValue spec = pod.at("spec");
    seccompMatches(spec.at("securityContext", "seccompProfile"), annotations.get(POD_SECCOMP));
    for (FieldValue container : ContainerListRules.all(spec)) {
      seccompMatches(
          container.at("securityContext", "seccompProfile"),
          annotations.get(CONTAINER_SECCOMP + container.at("name").string()));
    }
  }

  private static void seccompMatches(FieldValue profile, @Nullable Object annotation) {
    if (!profile.isSet() || !(annotation instanceof String text)) {
      return;
    }
    boolean matches =
        switch (profile.at("type").string()) {
          case "Unconfined" -> text.equals("unconfined");
          case "RuntimeDefault" -> DEFAULT_SECCOMP.contains(text);
          case "Localhost" -> text.startsWith(LOCALHOST);
          default -> true;
        };
    if (!matches) {
      profile.at("type").forbidden("seccomp type in annotation and field must match");
    } else if (profile.at("type").is("Localhost") && !isFile(profile, text)) {
      profile
          .at("localhostProfile")
          .forbidden("seccomp profile in annotation and field must match");
    }
  }

  private static boolean isFile(FieldValue profile, String annotation) {
    return profile.at("localhostProfile").is(annotation.substring(LOCALHOST.length()));
  }

  private static void appArmorMatchesFields(FieldValue pod) {
    Struct annotations = pod.at("metadata", "annotations").struct();
    FieldValue spec = pod.at("spec");
    if (spec.at("os", "name").is("windows")) {
      return;
    }
    Struct ofPod = spec.at("securityContext", "appArmorProfile").struct();
    for (FieldValue container : ContainerListRules.all(spec)) {
      FieldValue own = container.at("securityContext", "appArmorProfile");
      FieldValue profile = own.isSet() ? own : own.holding(ofPod);
      Object annotation = annotations.get(APP_ARMOR + container.at("name").string());
      if (annotation instanceof String text) {
        appArmorMatches(profile, text);
      }
    }
  }

  private static void appArmorMatches(FieldValue profile, String annotation) {
    boolean matches =
        switch (profile.at("type").string()) {
          case "Unconfined" -> annotation.equals("unconfined");
          case "RuntimeDefault" -> annotation.equals("runtime/default");
          case "Localhost" -> annotation.startsWith(LOCALHOST);
          default -> true;
        };
    if (!matches) {
      profile.at("type").forbidden("apparmor type in annotation and field must match");
    } else if (profile.at("type").is("Localhost") && !isFile(profile, annotation)) {
      profile
          .at("localhostProfile")
          .forbidden("apparmor profile in annotation and field must match");
    }
  }
}
