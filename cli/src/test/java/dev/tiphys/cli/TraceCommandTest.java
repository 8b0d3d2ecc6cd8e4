package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TraceCommandTest {

  @Test
  void eachStepStandsBelowTheOneThatCausedIt() {
    List<Struct> events =
        List.of(
            event(5, 0, "00.000", "00.005", "kubectl", "create", "deployments.apps", "web", ""),
            event(6, 5, "00.006", "00.013", "deployment-controller", "create", "rs", "web-1", ""),
            event(
                8,
                6,
                "00.020",
                "00.033",
                "replicaset-controller",
                "create",
                "pods",
                "a",
                "Pending"),
            event(
                9,
                5,
                "00.030",
                "00.040",
                "deployment-controller",
                "update",
                "deployments",
                "web",
                ""));

    assertThat(TraceCommand.lines(events))
        .containsExactly(
            "      5.0 ms  kubectl create deployments.apps/web",
            "     13.0 ms    deployment-controller create rs/web-1",
            "     33.0 ms      replicaset-controller create pods/a  (Pending)",
            "     40.0 ms    deployment-controller update deployments/web");
  }

  private static Struct event(
      int revision,
      int cause,
      String began,
      String ended,
      String part,
      String verb,
      String resource,
      String name,
      String note) {
    return Yaml.struct(
        """
        {revision: %d, cause: %d, began: "2026-01-01T00:00:%sZ", ended: "2026-01-01T00:00:%sZ",
         part: %s, verb: %s, resource: %s, name: %s, note: "%s"}
        """
            .formatted(revision, cause, began, ended, part, verb, resource, name, note));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "a/b/c"})
  void anObjectIsNamedByKindAndName(String object) {
    TraceCommand command = new TraceCommand();
    new CommandLine(command).parseArgs(object);

    assertThatThrownBy(command::run)
        .isInstanceOf(CliException.class)
        .hasMessage("name the object as KIND/NAME, such as deployment/web");
  }
}
