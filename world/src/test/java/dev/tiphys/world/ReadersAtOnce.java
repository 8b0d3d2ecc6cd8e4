package dev.tiphys.world;

import java.util.List;
import java.util.stream.Stream;

/// A program that reads its own jar on virtual threads: some read on and on, while others begin to
/// use classes that read in their static initializers.
final class ReadersAtOnce {

  private static volatile boolean done;

  private ReadersAtOnce() {}

  /// The class with this number, whose static initializer calls [#read].
  static String table(int number) {
    return "dev.tiphys.world.Table" + number;
  }

  /// @param arguments how many such classes there are
  public static void main(String[] arguments) throws InterruptedException {
    List<Thread> readers = Stream.generate(ReadersAtOnce::reader).limit(3).toList();
    for (int i = 1; i < Integer.parseInt(arguments[0]); i += 2) {
      Thread one = initializer(table(i - 1));
      Thread other = initializer(table(i));
      one.join();
      other.join();
    }
    done = true;
    for (Thread reader : readers) {
      reader.join();
    }
    System.out.println("all have read");
  }

  private static Thread reader() {
    return Thread.ofVirtual()
        .start(
            () -> {
              while (!done) {
                read(ReadersAtOnce.class);
                Thread.yield();
              }
            });
  }

  private static Thread initializer(String table) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                Class.forName(table);
              } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  static void read(Class<?> beside) {
    new PackagedFile(beside, "table").bytes();
  }
}
