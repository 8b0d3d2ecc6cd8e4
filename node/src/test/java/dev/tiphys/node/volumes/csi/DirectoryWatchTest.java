package dev.tiphys.node.volumes.csi;

import dev.tiphys.world.Gate;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A watch of a real directory: each step waits for what it is told.
class DirectoryWatchTest {

  @Test
  void whatComesAndGoesIsTold(@TempDir Path top) throws Exception {
    World world = new RealWorld();
    Gate told = world.gate();
    try (DirectoryWatch _ = new DirectoryWatch(world, top, 2, told::open)) {
      Path file = Files.createFile(top.resolve("a.sock"));
      told.await();
      Files.delete(file);
      told.await();
      Path below = Files.createDirectory(top.resolve("below"));
      told.await();
      Files.createFile(below.resolve("b.sock"));
      told.await();
    }
  }
}
