package dev.tiphys.apiserver.discovery;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Locale;

/// What version the server says it is: that of the API it speaks, with its own behind it.
public final class ServerVersion {

  /// The version of the Kubernetes API.
  public static final String API = "v1.36.0";

  /// The version of this software.
  public static final String TIPHYS = "0.1.0";

  private ServerVersion() {}

  /// What stands as `gitVersion`, and for a node as its kubelet's version.
  public static String git() {
    return API + "+tiphys" + TIPHYS;
  }

  /// The document at `/version`.
  public static Struct document() {
    String arch = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
    String os = System.getProperty("os.name", "linux").toLowerCase(Locale.ROOT);
    return new StructBuilder()
        .add("major", "1")
        .add("minor", "36")
        .add("emulationMajor", "1")
        .add("emulationMinor", "36")
        .add("minCompatibilityMajor", "1")
        .add("minCompatibilityMinor", "35")
        .add("gitVersion", git())
        .add("gitCommit", "")
        .add("gitTreeState", "clean")
        .add("buildDate", "2026-01-01T00:00:00Z")
        .add("goVersion", "java" + Runtime.version().feature())
        .add("compiler", "javac")
        .add("platform", os + "/" + arch)
        .build();
  }
}
