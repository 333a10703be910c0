// Package examples holds tests that apply every example of the documentation.
package examples
