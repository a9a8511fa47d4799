//! A finite sequence of choices that every generator draws from, so that a failing case shrinks by itself: with the
//! sequence used up, every choice is the first and simplest.

/// Choices still to be drawn.
pub struct Source<'c> {
    choices: &'c [u16],
    next: usize,
}

impl<'c> Source<'c> {
    pub fn new(choices: &'c [u16]) -> Source<'c> {
        Source { choices, next: 0 }
    }

    /// A number below `limit`; 0 once the choices are used up.
    pub fn below(&mut self, limit: usize) -> usize {
        let choice = self.choices.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(choice) % limit
    }

    /// Whether one of `out_of` equal chances comes up; not once the choices are used up.
    pub fn one_in(&mut self, out_of: usize) -> bool {
        self.below(out_of) == out_of - 1
    }

    /// One of several.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Whether choices are left.
    pub fn has_more(&self) -> bool {
        self.next < self.choices.len()
    }
}
