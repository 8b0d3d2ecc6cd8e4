package dev.tiphys.apiserver.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.admission.PluginServer;
import dev.tiphys.apiserver.advice.manifest.Rule;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Plays files of manifests, and looks at what each rule says of them.
class AdviceTest {

  private static final List<String> FILES = List.of("pods", "workloads", "network", "access");

  private static PluginServer server;

  @BeforeAll
  static void start() {
    server = new PluginServer(AdmissionSettings.DEFAULT.without("ServiceAccount"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<AdviceCase> cases() throws IOException {
    List<AdviceCase> all = new ArrayList<>();
    for (String file : FILES) {
      try (InputStream in = AdviceTest.class.getResourceAsStream(file + ".yaml")) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (Object each : (List<?>) Yaml.parse(text)) {
          all.add(AdviceCase.of((Struct) each));
        }
      }
    }
    return all;
  }

  @TestFactory
  Stream<DynamicTest> writersAreToldWhatWillNotDoWhatItSays() throws IOException {
    return cases().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.rule() + ": " + each.name(),
                    () ->
                        assertThat(each.played(server))
                            .containsExactlyInAnyOrderElementsOf(
                                each.advice().stream()
                                    .map(text -> text + " [" + each.rule() + "]")
                                    .toList())));
  }

  @Test
  void eachRuleIsShownToSpeakAndToBeSilent() throws IOException {
    TreeSet<String> speaking = new TreeSet<>();
    TreeSet<String> silent = new TreeSet<>();
    for (AdviceCase each : cases()) {
      (each.advice().isEmpty() ? silent : speaking).add(each.rule());
    }

    List<String> names = Rules.ALL.stream().map(Rule::name).sorted().toList();
    assertThat(speaking).containsExactlyElementsOf(names);
    assertThat(silent).containsExactlyElementsOf(names);
  }

  @Test
  void theDocumentationHasTheSameTable() throws IOException {
    String table =
        Rules.ALL.stream()
            .map(rule -> "| `" + rule.name() + "` | " + rule.sign() + " |\n")
            .collect(Collectors.joining());

    assertThat(Files.readString(Path.of("../docs/advice.md"))).contains(table);
  }
}
