/// What makes secrets up, or has them made.
package dev.tiphys.secrets.generator;
