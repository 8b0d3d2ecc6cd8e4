package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Pods are told of themselves by `fieldRef`.
public final class Identities {

  /// Variables that programs read a number from: those of Kafka, ZooKeeper and MySQL, and names
  /// that say so.
  private static final Pattern NUMBERS =
      Pattern.compile(
          "(.*_)?BROKER_ID|KAFKA_(.*_)?NODE_ID|(ZOO|ZOOKEEPER|ZK)_(.*_)?(MY_?ID|SERVER_ID)|(.*_)?MYID"
              + "|(MYSQL|MARIADB)_(.*_)?SERVER_ID|(.*_)?(ORDINAL|POD_INDEX)");

  private static final Pattern LABEL = Pattern.compile("metadata\\.labels\\['([^'/]+)'\\]");
  private static final String INDEX = "metadata.labels['apps.kubernetes.io/pod-index']";

  /// Labels without a domain that controllers give to the Pods they make.
  private static final Set<String> GIVEN =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "controller-uid",
          "job-name");

  private Identities() {}

  /// The Pod's name where a number is wanted.
  public static void numbers(Scene scene, Template pods) {
    for (Place variable : references(pods)) {
      String name = variable.object().string("name");
      String field = field(variable);
      if (field.equals("metadata.name") && NUMBERS.matcher(name).matches()) {
        scene.advise(
            variable.path("valueFrom.fieldRef.fieldPath"),
            "%s is very likely wanted as a number, but metadata.name is a name (%s-0); write %s"
                .formatted(name, scene.name(), INDEX));
      }
    }
  }

  /// Labels that the Pods will not have.
  public static void labels(Scene scene, Template pods) {
    for (Place variable : references(pods)) {
      String field = field(variable);
      Matcher label = LABEL.matcher(field);
      boolean isMissing =
          label.matches() && !GIVEN.contains(label.group(1)) && !pods.labels().has(label.group(1));
      if (isMissing || (field.equals(INDEX) && isNeverNumbered(scene))) {
        scene.advise(
            variable.path("valueFrom.fieldRef.fieldPath"),
            "the Pods have no such label, so %s is empty; add it to the template's labels"
                .formatted(variable.object().string("name")));
      }
    }
  }

  private static boolean isNeverNumbered(Scene scene) {
    return !scene.is("statefulsets.apps") && !scene.is("pods");
  }

  private static String field(Place variable) {
    return variable.object().string("valueFrom", "fieldRef", "fieldPath");
  }

  private static List<Place> references(Template pods) {
    return pods.containers().stream()
        .flatMap(container -> container.items("env").stream())
        .filter(variable -> variable.object().has("valueFrom", "fieldRef"))
        .toList();
  }
}
