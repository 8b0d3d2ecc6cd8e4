package dev.tiphys.monitoring.explanation;

/// Why nothing is scraped, or less than meant.
///
/// @param reason in one word, for conditions
/// @param message what is so, and what comes near to what was meant
public record Finding(String reason, String message) {}
