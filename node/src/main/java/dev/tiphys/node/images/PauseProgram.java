package dev.tiphys.node.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The program that holds a sandbox open, as the bytes of a static ELF file.
///
/// It ignores `SIGCHLD`, so that the kernel itself clears away orphans that have become its
/// children; it ends with 0 on `SIGTERM` and `SIGINT`; otherwise it sleeps for ever. In C:
///
/// ```
/// sigaction(SIGCHLD, {SIG_IGN});
/// sigaction(SIGTERM, {end});
/// sigaction(SIGINT, {end});
/// for (;;) pause();
/// end: exit(0);
/// ```
///
/// The handlers must be there: the first process of a PID namespace gets only signals that it
/// handles. One loadable segment holds headers, code and the two `sigaction` structures; a second
/// program header says that the stack is not executable.
final class PauseProgram {

  private static final int FILE_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int CODE = FILE_HEADER + 2 * PROGRAM_HEADER;
  private static final long ADDRESS = 0x400000;
  private static final int LARGEST_PAGE = 0x10000;

  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;
  private static final int SIGCHLD = 17;
  private static final long SIG_IGN = 1;
  private static final int SIGSET_BYTES = 8;
  private static final int SIGACTION_BYTES = 32;

  private PauseProgram() {}

  /// The file for a machine.
  static byte[] elf(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> amd64();
      case ARM64 -> arm64();
    };
  }

  private static byte[] amd64() {
    int action = 25; // bytes of one call of sigaction below
    int end = CODE + 3 * action + 9;
    int ignoring = aligned(end + 9);
    int ending = ignoring + SIGACTION_BYTES;
    ByteBuffer file = file(ending + SIGACTION_BYTES, 62); // EM_X86_64
    int[] signals = {SIGCHLD, SIGTERM, SIGINT};
    for (int signal : signals) {
      int structure = signal == SIGCHLD ? ignoring : ending;
      file.put((byte) 0xb8).putInt(13); // mov eax, rt_sigaction
      file.put((byte) 0xbf).putInt(signal); // mov edi, signal
      file.put(bytes(0x48, 0x8d, 0x35)); // lea rsi, [rip + …]
      file.putInt(structure - (file.position() + 4));
      file.put(bytes(0x31, 0xd2)); // xor edx, edx
      file.put(bytes(0x6a, SIGSET_BYTES, 0x41, 0x5a)); // push 8; pop r10
      file.put(bytes(0x0f, 0x05)); // syscall
    }
    file.put((byte) 0xb8).putInt(34); // mov eax, pause
    file.put(bytes(0x0f, 0x05)); // syscall
    file.put(bytes(0xeb, 0xf7)); // jmp to the mov before
    file.put((byte) 0xb8).putInt(231); // mov eax, exit_group
    file.put(bytes(0x31, 0xff)); // xor edi, edi
    file.put(bytes(0x0f, 0x05)); // syscall
    file.position(ignoring);
    sigaction(file, SIG_IGN, 0, 0);
    // The kernel wants to know where a handler returns to, even one that never does.
    sigaction(file, ADDRESS + end, 0x04000000, ADDRESS + end);
    return file.array();
  }

  private static byte[] arm64() {
    int action = 6 * 4;
    int end = CODE + 3 * action + 7 * 4;
    int ignoring = aligned(end + 3 * 4);
    int ending = ignoring + SIGACTION_BYTES;
    ByteBuffer file = file(ending + SIGACTION_BYTES, 183); // EM_AARCH64
    int[] signals = {SIGCHLD, SIGTERM, SIGINT};
    for (int signal : signals) {
      int structure = signal == SIGCHLD ? ignoring : ending;
      file.putInt(mov(8, 134)); // rt_sigaction
      file.putInt(mov(0, signal));
      file.putInt(adr(1, structure - file.position()));
      file.putInt(mov(2, 0));
      file.putInt(mov(3, SIGSET_BYTES));
      file.putInt(SVC);
    }
    file.putInt(mov(8, 73)); // ppoll of nothing, without a limit: there is no pause here
    for (int register = 0; register < 4; register++) {
      file.putInt(mov(register, 0));
    }
    file.putInt(SVC);
    file.putInt(0x14000000 | (-6 & 0x3ffffff)); // b to the first mov
    file.putInt(mov(8, 94)); // exit_group
    file.putInt(mov(0, 0));
    file.putInt(SVC);
    file.position(ignoring);
    sigaction(file, SIG_IGN, 0, 0);
    sigaction(file, ADDRESS + end, 0, 0);
    return file.array();
  }

  private static final int SVC = 0xd4000001;

  private static int mov(int register, int value) {
    return 0xd2800000 | value << 5 | register;
  }

  private static int adr(int register, int distance) {
    return 0x10000000 | (distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5 | register;
  }

  private static void sigaction(ByteBuffer file, long handler, long flags, long restorer) {
    file.putLong(handler).putLong(flags).putLong(restorer).putLong(0);
  }

  /// A file of `size` bytes with its headers written, ready for the code.
  private static ByteBuffer file(int size, int machine) {
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x7f).put("ELF".getBytes(StandardCharsets.US_ASCII));
    file.put(bytes(2, 1, 1, 0)).putLong(0); // 64 bits, little-endian, version 1, System V
    file.putShort((short) 2).putShort((short) machine).putInt(1); // executable
    file.putLong(ADDRESS + CODE); // where it starts
    file.putLong(FILE_HEADER).putLong(0).putInt(0); // program headers; no sections
    file.putShort((short) FILE_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2);
    file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    programHeader(file, 1, 5, ADDRESS, size, LARGEST_PAGE); // PT_LOAD, read and execute
    programHeader(file, 0x6474e551, 6, 0, 0, 16); // PT_GNU_STACK, read and write
    return file;
  }

  private static void programHeader(
      ByteBuffer file, int type, int flags, long address, long size, long alignment) {
    file.putInt(type).putInt(flags).putLong(0).putLong(address).putLong(address);
    file.putLong(size).putLong(size).putLong(alignment);
  }

  private static int aligned(int offset) {
    return (offset + 7) & ~7;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
