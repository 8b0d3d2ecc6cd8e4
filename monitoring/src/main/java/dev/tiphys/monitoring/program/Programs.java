package dev.tiphys.monitoring.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the programs are that monitoring runs. None of them has to be there: what needs one that
/// is missing says what to install.
///
/// @param given the programs whose places are given, by name
/// @param directories where the others are looked for, in order
public record Programs(Map<String, Path> given, List<Path> directories) {

  /// In which package of Debian a program is.
  private static final Map<String, String> PACKAGES =
      Map.of(
          "prometheus", "prometheus",
          "promtool", "prometheus",
          "alertmanager", "prometheus-alertmanager",
          "amtool", "prometheus-alertmanager");

  /// Debian's names, where they are not the programs' own.
  private static final Map<String, String> OF_DEBIAN =
      Map.of("alertmanager", "prometheus-alertmanager");

  public Programs {
    given = Map.copyOf(given);
    directories = List.copyOf(directories);
  }

  /// Those on the process's path, but for those whose places are given.
  public static Programs of(Map<String, Path> given) {
    String path = System.getenv().getOrDefault("PATH", "");
    return new Programs(
        given,
        Arrays.stream(path.split(":")).filter(each -> !each.isEmpty()).map(Path::of).toList());
  }

  /// Where a program is; empty if it is nowhere. One that is not given is first looked for beside
  /// those that are: tools belong to the version that they came with.
  public Optional<Path> find(String program) {
    Path place = given.get(program);
    if (place != null) {
      return Optional.of(place).filter(Files::isExecutable);
    }
    for (Path each : given.values()) {
      Path beside = each.resolveSibling(program);
      if (samePackage(each, program) && Files.isExecutable(beside)) {
        return Optional.of(beside);
      }
    }
    return directories.stream()
        .flatMap(
            directory ->
                List.of(program, OF_DEBIAN.getOrDefault(program, program)).stream()
                    .map(directory::resolve))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static boolean samePackage(Path given, String program) {
    String name = given.getFileName().toString();
    return PACKAGES.containsKey(name) && PACKAGES.get(name).equals(PACKAGES.get(program));
  }

  /// What to do about a program that is missing.
  public String remedy(String program) {
    Path place = given.get(program);
    return place == null
        ? "%s is not installed: apt-get install %s".formatted(program, PACKAGES.get(program))
        : "there is no program %s".formatted(place);
  }
}
