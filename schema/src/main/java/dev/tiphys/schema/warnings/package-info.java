/// What is right and yet probably not meant: upstream's warnings about objects, in its words.
package dev.tiphys.schema.warnings;
