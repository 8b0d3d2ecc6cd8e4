package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.store.Store;
import dev.tiphys.store.Write;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class StoreChoiceTest {

  @TempDir Path directory;

  @Command
  private static final class Choosing {
    @Mixin StoreChoice store = new StoreChoice();
  }

  private Store open(String... words) {
    Choosing command = new Choosing();
    new CommandLine(command).parseArgs(words);
    return command.store.open(DataDirectory.make(directory.resolve("data")), new RealWorld());
  }

  @Test
  void objectsAreKeptInTheDataDirectoryUnlessToldOtherwise() {
    try (Store store = open()) {
      assertThat(store).isInstanceOf(EmbeddedStore.class);
      store.write(Write.create("/a", new byte[1]));
    }
    assertThat(directory.resolve("data/store/lock")).exists();
    try (Store store = open("--store", "embedded")) {
      assertThat(store.get("/a")).isNotNull();
    }
  }

  @Test
  void aStoreThatAnotherProcessHasIsToldInOneLine() {
    try (Store _ = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(CliException.class)
          .hasMessageStartingWith("cannot open the store: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          disk                 ; there is no store 'disk'; say embedded or etcd=http://HOST:PORT
          """)
  void whatIsNoStoreIsRefused(String store, String one, String two) {
    assertThatThrownBy(() -> open("--store", store))
        .isInstanceOf(CliException.class)
        .hasMessage(one + "; " + two);
  }

  @ParameterizedTest
  @CsvSource({
    "etcd=",
    "etcd=localhost:2379",
    "etcd=ftp://localhost",
    "'etcd=http://localhost:2379,%zz'",
  })
  void whatIsNoAddressOfAnEtcdIsRefused(String store) {
    assertThatThrownBy(() -> open("--store", store))
        .isInstanceOf(CliException.class)
        .hasMessageEndingWith("is no address of an etcd; write it as http://HOST:PORT");
  }

  @Test
  void anEtcdThatMustBeTrustedNeedsCertificates() {
    assertThatThrownBy(() -> open("--store", "etcd=https://localhost:1", "--etcd-cafile", "x"))
        .isInstanceOf(CliException.class)
        .hasMessage("an etcd at https needs --etcd-cafile, --etcd-certfile and --etcd-keyfile");
  }
}
