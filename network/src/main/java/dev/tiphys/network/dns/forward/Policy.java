package dev.tiphys.network.dns.forward;

/// Which of several servers is asked first.
public enum Policy {
  RANDOM,
  ROUND_ROBIN,
  SEQUENTIAL
}
