/// Options that several commands have.
package dev.tiphys.cli.options;
