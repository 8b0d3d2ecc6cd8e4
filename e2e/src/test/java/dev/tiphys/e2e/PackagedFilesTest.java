package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files of the program are read in one way only: see `PackagedFile`.
class PackagedFilesTest {

  private static final Path HOME = Path.of("..");

  private static final Pattern READING = Pattern.compile("\\bget(System)?Resource(s|AsStream)?\\b");

  @Test
  void nothingElseReadsFilesOfTheJar() throws IOException {
    assertThat(readers())
        .extracting(path -> path.getFileName().toString())
        .containsExactlyInAnyOrder(
            "PackagedFile.java", "Collector.java"); // the latter is a part of the build
  }

  private static List<Path> readers() throws IOException {
    List<Path> readers = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(HOME)) {
      for (Path module : modules) {
        Path main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          readers.addAll(readersIn(main));
        }
      }
    }
    return readers;
  }

  private static List<Path> readersIn(Path directory) throws IOException {
    List<Path> readers = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (READING.matcher(Files.readString(file)).find()) {
          readers.add(file);
        }
      }
    }
    return readers;
  }
}
