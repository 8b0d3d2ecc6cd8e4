package dev.tiphys.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // a null fails the test
class PackagedFileTest {

  private static final PackagedFile CLASS =
      new PackagedFile(PackagedFileTest.class, "PackagedFileTest.class");
  private static final PackagedFile NONE = new PackagedFile(PackagedFileTest.class, "none");

  private static final int TABLES = 200;
  private static final int SIZE = 40_000;

  @Test
  void readsWhatLiesBesideAClass() throws Exception {
    AtomicReference<byte[]> read = new AtomicReference<>();
    Thread.ofVirtual().start(() -> read.set(CLASS.bytes())).join();

    assertThat(CLASS.bytes()).startsWith(0xCA, 0xFE, 0xBA, 0xBE).isEqualTo(read.get());
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(NONE.find()).isNull();
    assertThatThrownBy(NONE::bytes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("none is missing beside dev.tiphys.world.PackagedFileTest");
  }

  @Test
  void readsToTheEndWhenInterruptedAndKeepsTheInterrupt() throws Exception {
    AtomicBoolean kept = new AtomicBoolean();
    AtomicReference<byte[]> read = new AtomicReference<>();
    Thread.ofVirtual()
        .start(
            () -> {
              Thread.currentThread().interrupt();
              read.set(CLASS.bytes());
              kept.set(Thread.currentThread().isInterrupted());
            })
        .join();

    assertThat(read.get()).isEqualTo(CLASS.bytes());
    assertThat(kept).isTrue();
  }

  /// Where each thread reads for itself, three runs in four hang.
  @Test
  void virtualThreadsThatReadAtOnceAllGoOnOnTwoProcessors(@TempDir Path directory)
      throws Exception {
    Path jar = directory.resolve("readers.jar");
    write(jar);

    for (int round = 0; round < 3; round++) {
      Process process = start(jar);
      try {
        assertThat(process.inputReader().readLine()).isEqualTo("all have read");
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static Process start(Path jar) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Djdk.virtualThreadScheduler.parallelism=2",
            "-Djdk.virtualThreadScheduler.maxPoolSize=2",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            jar.toString(),
            ReadersAtOnce.class.getName(),
            Integer.toString(TABLES))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void write(Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Class<?> type : new Class<?>[] {PackagedFile.class, ReadersAtOnce.class}) {
        byte[] bytes = new PackagedFile(type, type.getSimpleName() + ".class").bytes();
        add(out, path(type.getName()), bytes);
      }
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < TABLES; i++) {
        add(out, path(ReadersAtOnce.table(i)), table(ReadersAtOnce.table(i), random));
      }
      byte[] content = new byte[SIZE];
      random.nextBytes(content);
      add(out, "dev/tiphys/world/table", content);
    }
  }

  private static String path(String className) {
    return className.replace('.', '/') + ".class";
  }

  private static void add(JarOutputStream out, String path, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(path));
    out.write(content);
  }

  /// A class whose static initializer reads, and that takes as long to load as a large one.
  private static byte[] table(String name, SplittableRandom random) {
    ClassDesc self = ClassDesc.of(name);
    StringBuilder filling = new StringBuilder();
    random.ints(SIZE, ' ', '~').forEach(filling::appendCodePoint);
    ConstantValueAttribute large = ConstantValueAttribute.of(filling.toString());
    return ClassFile.of()
        .build(
            self,
            type ->
                type.withField(
                        "FILLING",
                        ConstantDescs.CD_String,
                        field ->
                            field.withFlags(ClassFile.ACC_STATIC | ClassFile.ACC_FINAL).with(large))
                    .withMethodBody(
                        ConstantDescs.CLASS_INIT_NAME,
                        ConstantDescs.MTD_void,
                        ClassFile.ACC_STATIC,
                        code ->
                            code.loadConstant(self)
                                .invokestatic(
                                    ClassDesc.of(ReadersAtOnce.class.getName()),
                                    "read",
                                    MethodTypeDesc.of(
                                        ConstantDescs.CD_void, ConstantDescs.CD_Class))
                                .return_()));
  }
}
