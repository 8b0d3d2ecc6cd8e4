package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Devices that are really formatted and mounted: what is on one is never lost.
@Tag("node")
class DevicesOnNodeTest {
  private static final long SIZE = 64L << 20;
  private final HostMounts mounts = new HostMounts();

  @TempDir private Path directory;
  private Path device;
  private Path place;

  private static String run(String name, String... arguments) throws Exception {
    HostProgram program = HostProgram.find(name);
    assertThat(program).as(name).isNotNull();
    HostProgram.Result result = program.run(arguments);
    assertThat(result.succeeded()).as(result.output()).isTrue();
    return result.output().strip();
  }

  @BeforeEach
  void attach() throws Exception {
    Path image = directory.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    device = Path.of(run("losetup", "--find", "--show", image.toString()));
    place = Files.createDirectories(directory.resolve("place"));
  }

  @AfterEach
  void detach() throws Exception {
    mounts.unmount(directory);
    run("losetup", "--detach", device.toString());
  }

  @Test
  void anEmptyDeviceIsFormattedOnce() throws Exception {
    assertThatThrownBy(() -> mounts.mountDevice("", device, place, List.of("ro")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot mount unformatted disk " + device);
    mounts.mountDevice("", device, place, List.of());
    Files.writeString(place.resolve("file"), "precious");
    mounts.unmount(place);
    mounts.mountDevice("ext4", device, place, List.of());

    assertThat(place.resolve("file")).hasContent("precious");
    assertThat(run("findmnt", "-n", "-o", "FSTYPE", place.toString())).isEqualTo("ext4");
  }

  @Test
  void whatIsNoFileSystemThatIsKnownIsNotOverwritten() throws Exception {
    run("mkswap", device.toString());
    assertThatThrownBy(() -> mounts.mountDevice("ext4", device, place, List.of()))
        .isInstanceOf(IOException.class);
    assertThat(run("blkid", "-p", "-s", "TYPE", "-o", "value", device.toString()))
        .isEqualTo("swap");
  }

  @Test
  void aBindingCanBeReadOnlyWhereTheDiskIsNot() throws Exception {
    mounts.mountDevice("", device, place, List.of());
    Path bound = Files.createDirectories(directory.resolve("bound"));
    mounts.mount("", place.toString(), bound, List.of("bind", "ro"));

    assertThatThrownBy(() -> Files.createFile(bound.resolve("file")))
        .isInstanceOf(IOException.class);
    assertThat(Files.createFile(place.resolve("file"))).exists();
  }
}
