package dev.tiphys.client.http;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A program that gives credentials, as a kubeconfig names it. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>.
///
/// The program is given no terminal: one that must ask a user (`interactiveMode: Always`) cannot be
/// used here.
///
/// @param version the apiVersion of what it is asked and answers
/// @param environment what it finds in its environment besides ours
/// @param cluster what it is told of the cluster; empty if it is told nothing
/// @param installHint what to do if it is not there
public record ExecPlugin(
    String version,
    List<String> command,
    Map<String, String> environment,
    Struct cluster,
    String installHint) {

  private static final String GROUP = "client.authentication.k8s.io/";
  private static final String KIND = "ExecCredential";

  public ExecPlugin {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /// What a program gave.
  ///
  /// @param token empty for none
  /// @param certificate as PEM; empty for none
  /// @param key as PEM; empty for none
  /// @param expires when it is no good any more; null if it does not say
  public record Given(String token, String certificate, String key, @Nullable Instant expires) {}

  static ExecPlugin of(Struct cluster, Struct exec, Path file) throws IOException {
    String version = exec.string("apiVersion");
    if (!version.equals(GROUP + "v1") && !version.equals(GROUP + "v1beta1")) {
      throw new IOException(file + ": exec plugin: invalid apiVersion \"" + version + "\"");
    }
    if (exec.string("interactiveMode").equals("Always")) {
      throw new IOException(
          file + ": exec plugin cannot support interactive mode: standard input is unavailable");
    }
    List<String> command = new ArrayList<>();
    command.add(exec.string("command"));
    command.addAll(exec.strings("args"));
    Map<String, String> environment = new TreeMap<>();
    for (Struct variable : exec.structs("env")) {
      environment.put(variable.string("name"), variable.string("value"));
    }
    return new ExecPlugin(
        version,
        command,
        environment,
        exec.bool("provideClusterInfo") ? told(cluster) : Struct.EMPTY,
        exec.string("installHint"));
  }

  private static Struct told(Struct cluster) {
    StructBuilder told = new StructBuilder().add("server", cluster.string("server"));
    for (String field : List.of("tls-server-name", "certificate-authority-data", "proxy-url")) {
      told.addUnlessEmpty(field, cluster.string(field));
    }
    if (cluster.bool("insecure-skip-tls-verify")) {
      told.add("insecure-skip-tls-verify", true);
    }
    for (Struct extension : cluster.structs("extensions")) {
      if (extension.string("name").equals("client.authentication.k8s.io/exec")) {
        told.add("config", extension.struct("extension"));
      }
    }
    return told.build();
  }

  /// Runs the program. What it writes to its standard error is passed on.
  ///
  /// @throws IOException if it gives nothing that can be used; the message says why
  Given run() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    builder.environment().put("KUBERNETES_EXEC_INFO", question());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      String hint = installHint.isEmpty() ? "" : "\n" + installHint;
      throw new IOException("exec: " + e.getMessage() + hint, e);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(
          "exec: executable " + command.getFirst() + " failed with exit code " + exit);
    }
    return given(output);
  }

  private String question() {
    StructBuilder spec = new StructBuilder().add("interactive", false);
    spec.addUnlessEmpty("cluster", cluster);
    return Json.text(Struct.of("kind", KIND, "apiVersion", version, "spec", spec.build()));
  }

  private Given given(String output) throws IOException {
    Struct answer;
    try {
      answer = Json.struct(output);
    } catch (EncodingException e) {
      throw new IOException("exec: decoding stdout: " + e.getMessage(), e);
    }
    if (!answer.string("apiVersion").equals(version) || !answer.string("kind").equals(KIND)) {
      throw new IOException(
          "exec plugin is configured to use API version %s, plugin returned version %s"
              .formatted(version, answer.string("apiVersion")));
    }
    Struct status = answer.struct("status");
    String token = status.string("token");
    String certificate = status.string("clientCertificateData");
    String key = status.string("clientKeyData");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IOException("exec plugin returned only certificate or key, not both");
    }
    if (token.isEmpty() && certificate.isEmpty()) {
      throw new IOException("exec plugin didn't return a token or cert/key pair");
    }
    return new Given(token, certificate, key, Timestamps.of(status.get("expirationTimestamp")));
  }
}
