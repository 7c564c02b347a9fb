//! Dense indices, one type each, so that a block can never be used where a place is meant.

/// A dense index into one of the tables of a [`School`](super::School).
pub trait Id: Copy + Eq + Ord + std::hash::Hash {
    fn new(index: usize) -> Self;
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 rows in a table"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

ids! {
    /// Index into [`School::days`](super::School::days).
    DayId,
    /// Index into [`School::sites`](super::School::sites).
    SiteId,
    /// Index into [`School::units`](super::School::units).
    UnitId,
    /// Index into [`School::blocks`](super::School::blocks).
    BlockId,
    /// Index into [`School::subjects`](super::School::subjects).
    SubjectId,
    /// Index into [`School::offerings`](super::School::offerings).
    OfferingId,
    /// Index into [`School::places`](super::School::places).
    PlaceId,
    /// Index into [`School::staff`](super::School::staff).
    StaffId,
    /// Index into [`School::students`](super::School::students).
    StudentId,
    /// Index into [`School::needs`](super::School::needs).
    NeedId,
    /// Index into [`School::asks`](super::School::asks).
    AskId,
    /// Index into [`School::packages`](super::School::packages).
    PackageId,
}

/// All ids of a table of `len` rows, in order.
pub fn ids<I: Id>(len: usize) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator {
    (0..len).map(I::new)
}

/// A dense matrix over two id types, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid<R, C, T> {
    columns: usize,
    cells: Vec<T>,
    axes: std::marker::PhantomData<fn(R, C)>,
}

impl<R: Id, C: Id, T: Clone> Grid<R, C, T> {
    pub fn filled(rows: usize, columns: usize, value: T) -> Self {
        Self { columns, cells: vec![value; rows * columns], axes: std::marker::PhantomData }
    }

    /// The cells of one row, indexed by column.
    pub fn row(&self, row: R) -> &[T] {
        &self.cells[row.index() * self.columns..(row.index() + 1) * self.columns]
    }
}

impl<R: Id, C: Id, T> std::ops::Index<(R, C)> for Grid<R, C, T> {
    type Output = T;
    fn index(&self, (row, column): (R, C)) -> &T {
        &self.cells[row.index() * self.columns + column.index()]
    }
}

impl<R: Id, C: Id, T> std::ops::IndexMut<(R, C)> for Grid<R, C, T> {
    fn index_mut(&mut self, (row, column): (R, C)) -> &mut T {
        &mut self.cells[row.index() * self.columns + column.index()]
    }
}
